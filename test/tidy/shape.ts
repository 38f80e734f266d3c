/** The shape of code: lengths, parameters, header sentences, doc comments, names, and words that may not stand in it. */
import ts from 'typescript';
import { type Breach, placeOf, type SourceFile, walk } from './source-files.ts';

const FILE_LINES = 250;
const FUNCTION_LINES = 70;
const POSITIONAL_PARAMETERS = 3;

/** The specification itself gives these one boolean: `tracker.consent(true)`. */
const BOOLEAN_BY_SPECIFICATION = new Set(['consent']);

/** Calls whose callback is a chapter of tests, not a function to keep short. */
const CHAPTERS = new Set(['describe', 'describe.each', 'describe.runIf']);

function linesOf(file: SourceFile, node: ts.Node): number {
  const start = file.tree.getLineAndCharacterOfPosition(node.getStart(file.tree)).line;
  return file.tree.getLineAndCharacterOfPosition(node.end).line - start + 1;
}

/** Whether a function is the callback of `describe`, whose length is that of its tests. */
function isChapter(node: ts.Node): boolean {
  if (!ts.isCallExpression(node.parent)) return false;
  return CHAPTERS.has(node.parent.expression.getText().replace(/^test\.|\(.*\)$/gs, ''));
}

/** The name a function goes by, for messages and for the exceptions above. */
function nameOf(node: ts.SignatureDeclaration): string {
  if (node.name) return node.name.getText();
  const parent = node.parent;
  return ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) ? parent.name.getText() : 'a function';
}

/** Files and functions that are too long. */
export function lengthBreaches(file: SourceFile): Breach[] {
  const lines = file.text.trimEnd().split('\n').length;
  const breaches = lines > FILE_LINES ? [`${file.path} has ${lines} lines, more than ${FILE_LINES}`] : [];
  walk(file, (node) => {
    if (!ts.isFunctionLike(node) || isChapter(node)) return;
    const length = linesOf(file, node);
    if (length > FUNCTION_LINES) breaches.push(`${placeOf(file, node)} ${nameOf(node)} has ${length} lines`);
  });
  return breaches;
}

/** Whether the caller dictates the parameters, as `replace` does those of its callback. */
function isCallback(node: ts.SignatureDeclaration): boolean {
  return ts.isArrowFunction(node) && ts.isCallExpression(node.parent);
}

function isBoolean(parameter: ts.ParameterDeclaration): boolean {
  const value = parameter.initializer?.kind;
  return (
    parameter.type?.kind === ts.SyntaxKind.BooleanKeyword ||
    value === ts.SyntaxKind.TrueKeyword ||
    value === ts.SyntaxKind.FalseKeyword
  );
}

/** Functions that take more than three positional arguments, or a boolean one. */
export function parameterBreaches(file: SourceFile): Breach[] {
  const breaches: Breach[] = [];
  walk(file, (node) => {
    const declares = ts.isFunctionLike(node) && ('body' in node || ts.isMethodSignature(node));
    if (!declares || ts.isSetAccessor(node) || isCallback(node)) return;
    const parameters = node.parameters.filter(({ name }) => name.getText() !== 'this');
    const name = nameOf(node);
    if (parameters.length > POSITIONAL_PARAMETERS) {
      breaches.push(`${placeOf(file, node)} ${name} takes ${parameters.length} positional arguments`);
    }
    if (parameters.some(isBoolean) && !BOOLEAN_BY_SPECIFICATION.has(name)) {
      breaches.push(`${placeOf(file, node)} ${name} takes a boolean; say it in an options object`);
    }
  });
  return breaches;
}

/** Files that do not begin by saying in a sentence what they are for. */
export function headerBreaches(file: SourceFile): Breach[] {
  const header = /^(?:#!.*\n)?\/\*\*([\s\S]*?)\*\//.exec(file.text)?.[1] ?? '';
  const sentence = header.replace(/^\s*\* ?/gm, '').trim();
  return /\p{L}.*[.:!]/su.test(sentence) && sentence.length >= 20 ? [] : [`${file.path} has no header sentence`];
}

/** Exported functions, classes and interfaces without a doc comment; that of a file's only one is the file's header. */
export function documentationBreaches(file: SourceFile): Breach[] {
  const exported = file.tree.statements.filter((node) => {
    const needs = ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node);
    return needs && node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  }) as (ts.FunctionDeclaration | ts.ClassDeclaration | ts.InterfaceDeclaration)[];
  if (exported.length === 1) return [];
  return exported.flatMap((node) => {
    const name = node.name?.text ?? 'the default export';
    const namesake = file.path.replace(/^.*\/|\.\w+$/g, '') === fileNameFor(name);
    const documented = namesake || ts.getJSDocCommentsAndTags(node).length > 0;
    return documented ? [] : [`${placeOf(file, node)} ${name} has no doc comment`];
  });
}

/** The file name that a thing's name asks for: `GoalService` → `goal-service`. */
function fileNameFor(name: string): string {
  return name.replace(/(?<=[a-z0-9])[A-Z]/g, '-$&').toLowerCase();
}

/** `any`, in whatever place a type can stand. */
export function anyBreaches(file: SourceFile): Breach[] {
  const breaches: Breach[] = [];
  walk(file, (node) => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) breaches.push(`${placeOf(file, node)} says any`);
  });
  return breaches;
}

/** Clock, randomness and I/O where all is to be a pure function of its arguments. */
export function impurityBreaches(file: SourceFile): Breach[] {
  const impure =
    /^(Date\.now|Math\.random|performance\.\w+|crypto\.\w+|console\.\w+|process\.\w+|globalThis\.\w+|fetch|setTimeout|setInterval)$/;
  const breaches: Breach[] = [];
  walk(file, (node) => {
    const dated = ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length;
    const called = ts.isCallExpression(node) && impure.test(node.expression.getText());
    if (dated || called) breaches.push(`${placeOf(file, node)} ${node.getText()} is not pure`);
  });
  return breaches;
}
