/** Which part of the source may import which: imports go down, never up or sideways, and never in a circle. */
import { posix } from 'node:path';
import ts from 'typescript';
import { type Breach, placeOf, type SourceFile, walk } from './source-files.ts';

/** Settings and log are handed to every floor of the server, which therefore may name their types. */
const SETTINGS = ['src/server/config.ts', 'src/server/log.ts'];
const STORES = ['src/server/goals', 'src/server/store', ...SETTINGS, 'src/core'];
const SERVICES = ['src/server/collector', 'src/server/stats', ...STORES];

/** Floor → floors it may import besides itself. */
const BELOW: Record<string, readonly string[]> = {
  'src/core': [],
  'src/tracker': ['src/core'],
  'src/picker': ['src/core'],
  'src/dashboard': ['src/core'],
  'src/server/config.ts': ['src/core'],
  'src/server/log.ts': ['src/server/config.ts', 'src/core'],
  'src/server/goals': [...SETTINGS, 'src/core'],
  'src/server/store': [...SETTINGS, 'src/core'],
  'src/server/collector': STORES,
  'src/server/stats': STORES,
  'src/server/api': SERVICES,
  'src/server': ['src/server/api', ...SERVICES],
};

/** Packages that run anywhere: no DOM, no Node, no clock. Core may use these, and browser floors their own. */
const PACKAGES: Record<string, readonly string[]> = {
  'src/core': ['css-tree/selector-parser'],
  'src/tracker': [],
  'src/picker': [],
  'src/dashboard': ['preact', 'preact/hooks', 'uplot'],
};

/** The floor a file is on; undefined for `cli` and the package's entry, which may import all. */
export function floorOf(path: string): string | undefined {
  const inside = Object.keys(BELOW).filter((floor) => path === floor || path.startsWith(`${floor}/`));
  return inside.sort((a, b) => b.length - a.length)[0];
}

/** One import, export-from or dynamic import of a literal. */
export interface Import {
  specifier: string;
  node: ts.Node;
}

/** Everything a file imports, types too. */
export function importsOf(file: SourceFile): Import[] {
  const imports: Import[] = [];
  const add = (node: ts.Node, specifier: ts.Node | undefined): void => {
    if (specifier && ts.isStringLiteralLike(specifier)) imports.push({ specifier: specifier.text, node });
  };
  walk(file, (node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(node, node.moduleSpecifier);
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node, node.argument.literal);
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node, node.arguments[0]);
  });
  return imports;
}

/** The file a relative specifier means, relative to the repository. */
function resolve(from: string, specifier: string): string {
  return posix.normalize(posix.join(posix.dirname(from), specifier));
}

/** Imports that go up or sideways, or bring Node or a foreign package where it may not be. */
export function floorBreaches(file: SourceFile): Breach[] {
  const floor = floorOf(file.path);
  if (floor === undefined) return [];
  return importsOf(file).flatMap(({ specifier, node }) => {
    if (!specifier.startsWith('.')) {
      const allowed = PACKAGES[floor];
      if (allowed === undefined || allowed.includes(specifier)) return [];
      return [`${placeOf(file, node)} imports the package ${specifier}, which ${floor} may not`];
    }
    const target = resolve(file.path, specifier);
    const targetFloor = floorOf(target);
    if (targetFloor === floor || (targetFloor !== undefined && BELOW[floor]?.includes(targetFloor))) return [];
    return [`${placeOf(file, node)} imports ${target}, which is not below ${floor}`];
  });
}

/** Circles of imports; each is told once, as the chain of its files. */
export function importCycles(files: readonly SourceFile[]): Breach[] {
  const edges = new Map(
    files.map((file) => [
      file.path,
      importsOf(file)
        .filter(({ specifier }) => specifier.startsWith('.'))
        .map(({ specifier }) => resolve(file.path, specifier)),
    ]),
  );
  const finished = new Set<string>();
  const cycles: Breach[] = [];
  const visit = (path: string, above: readonly string[]): void => {
    if (above.includes(path)) {
      cycles.push([...above.slice(above.indexOf(path)), path].join(' → '));
      return;
    }
    if (finished.has(path)) return;
    for (const next of edges.get(path) ?? []) visit(next, [...above, path]);
    finished.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  return cycles;
}
