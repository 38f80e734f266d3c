/** The project's own files as tidy rules see them: path, text and syntax tree. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** Absolute path of the repository, ending in a slash. */
export const ROOT = new URL('../..', import.meta.url).pathname;

/** What builds, tests and installs leave behind; everything else belongs to the project. */
const LEFT_BEHIND = new Set(['.git', '.cache', 'node_modules', 'dist', 'data', 'test-results', 'playwright-report']);

/** One file of code. */
export interface SourceFile {
  /** Relative to the repository, with forward slashes. */
  path: string;
  text: string;
  tree: ts.SourceFile;
}

/** A place where a rule is broken; printed as it is. */
export type Breach = string;

/** Paths of all files of the project below a folder, relative to the repository. */
export function filesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (LEFT_BEHIND.has(entry.name) || /\.(log|tsbuildinfo)$/.test(entry.name)) return [];
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

/** Parses a text as if it stood at that path. */
export function parse(path: string, text: string): SourceFile {
  const kind = path.endsWith('.tsx') ? ts.ScriptKind.TSX : /\.m?js$/.test(path) ? ts.ScriptKind.JS : ts.ScriptKind.TS;
  return {
    path,
    text,
    tree: ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true, kind),
  };
}

/** Every file of code in the given top folders. */
export function sourcesIn(...folders: string[]): SourceFile[] {
  return folders
    .flatMap(filesIn)
    .filter((path) => /\.(ts|tsx|cts|js|mjs)$/.test(path))
    .map((path) => parse(path, readFileSync(join(ROOT, path), 'utf8')));
}

/** Where a node stands, as `path:line`. */
export function placeOf(file: SourceFile, node: ts.Node): string {
  return `${file.path}:${file.tree.getLineAndCharacterOfPosition(node.getStart(file.tree)).line + 1}`;
}

/** Calls `visit` for every node of a file, parents first. */
export function walk(file: SourceFile, visit: (node: ts.Node) => void): void {
  const step = (node: ts.Node): void => {
    visit(node);
    ts.forEachChild(node, step);
  };
  step(file.tree);
}
