import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import ts from 'typescript';

/** One import or re-export of another file of the repository, or of a package. */
export interface Import {
  /** Path of the file from the root of the repository, or the name of the package. */
  readonly target: string;
  readonly isPackage: boolean;
  /** Whether nothing of it is left when the program runs. */
  readonly isTypeOnly: boolean;
  /** Names taken from it; `*` for all of them. */
  readonly names: readonly string[];
}

/** A function or method with a body. */
export interface MeasuredFunction {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
}

/** What there is to know about a file without running it. */
export interface SourceFile {
  /** From the root of the repository, with `/` on every system. */
  readonly path: string;
  readonly text: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  /** Names in the order in which they are exported. */
  readonly exports: readonly string[];
  readonly functions: readonly MeasuredFunction[];
}

/** The TypeScript files below some folders of a repository; folders that are not there hold none. */
export function readSourceTree(root: string, folders: readonly string[]): readonly SourceFile[] {
  return folders.flatMap((folder) => pathsBelow(root, folder)).map((path) => readSource(root, path));
}

/** The folder of a file; `.` for one that lies at the root. */
export function folderOf(path: string): string {
  return posix.dirname(path);
}

function pathsBelow(root: string, folder: string): readonly string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts'))
    .map((file) => posix.join(folder, file.split(sep).join('/')))
    .sort();
}

function readSource(root: string, path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8');
  const parsed = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const statements = [...parsed.statements];
  return {
    path,
    text,
    lines: text.split('\n').length - 1,
    imports: [
      ...statements.flatMap((statement) => importOf(root, path, statement)),
      ...loaded(root, path, parsed),
    ],
    exports: statements.flatMap(exportsOf),
    functions: functionsIn(parsed),
  };
}

function importOf(root: string, path: string, statement: ts.Statement): readonly Import[] {
  const isExport = ts.isExportDeclaration(statement);
  if (!isExport && !ts.isImportDeclaration(statement)) return [];
  const { moduleSpecifier } = statement;
  if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) return [];
  const { names, isTypeOnly } = isExport ? reExported(statement) : imported(statement);
  return [{ ...targetOf(root, path, moduleSpecifier.text), names, isTypeOnly }];
}

type Taken = Pick<Import, 'names' | 'isTypeOnly'>;

function imported({ importClause }: ts.ImportDeclaration): Taken {
  if (importClause === undefined) return { names: [], isTypeOnly: false };
  const { namedBindings, phaseModifier } = importClause;
  const isTypeOnly = phaseModifier === ts.SyntaxKind.TypeKeyword;
  if (namedBindings === undefined) return { names: ['default'], isTypeOnly };
  if (ts.isNamespaceImport(namedBindings)) return { names: ['*'], isTypeOnly };
  return taken(namedBindings.elements, isTypeOnly);
}

function reExported({ exportClause, isTypeOnly }: ts.ExportDeclaration): Taken {
  if (exportClause === undefined || ts.isNamespaceExport(exportClause)) return { names: ['*'], isTypeOnly };
  return taken(exportClause.elements, isTypeOnly);
}

function taken(elements: readonly (ts.ImportSpecifier | ts.ExportSpecifier)[], isTypeOnly: boolean): Taken {
  return {
    names: elements.map(({ name, propertyName }) => (propertyName ?? name).text),
    isTypeOnly: isTypeOnly || (elements.length > 0 && elements.every((element) => element.isTypeOnly)),
  };
}

/** Files that are imported when they are needed, as in `await import('./file.js')`. */
function loaded(root: string, path: string, parsed: ts.SourceFile): readonly Import[] {
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    const [argument] = ts.isCallExpression(node) ? node.arguments : [];
    const isImport = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
    if (isImport && argument !== undefined && ts.isStringLiteral(argument)) {
      const names = namesTakenFrom(node);
      found.push({ ...targetOf(root, path, argument.text), names, isTypeOnly: false });
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return found;
}

/** The names of `const { a, b } = await import(...)`; all of them where it is put otherwise. */
function namesTakenFrom(call: ts.Node): readonly string[] {
  const declaration = ts.isAwaitExpression(call.parent) ? call.parent.parent : call.parent;
  if (!ts.isVariableDeclaration(declaration) || !ts.isObjectBindingPattern(declaration.name)) return ['*'];
  return declaration.name.elements.map(({ name, propertyName }) => (propertyName ?? name).getText());
}

function targetOf(root: string, path: string, specifier: string): Pick<Import, 'target' | 'isPackage'> {
  if (!specifier.startsWith('.')) return { target: packageOf(specifier), isPackage: true };
  const named = posix.join(folderOf(path), specifier);
  const target = named.replace(/\.js$/, '.ts');
  const possible = [target, `${target}x`, `${named}.ts`];
  const found = possible.find((one) => existsSync(join(root, one)));
  return { target: found ?? target, isPackage: false };
}

function packageOf(specifier: string): string {
  const [first = '', second = ''] = specifier.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}

function exportsOf(statement: ts.Statement): readonly string[] {
  if (ts.isExportDeclaration(statement)) {
    const { exportClause, moduleSpecifier } = statement;
    const isOwn =
      exportClause !== undefined && ts.isNamedExports(exportClause) && moduleSpecifier === undefined;
    return isOwn ? exportClause.elements.map(({ name }) => name.text) : [];
  }
  if (!ts.canHaveModifiers(statement)) return [];
  const modifiers = ts.getModifiers(statement) ?? [];
  if (!modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  }
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement);
  return isNamed && statement.name !== undefined ? [statement.name.text] : [];
}

function functionsIn(parsed: ts.SourceFile): readonly MeasuredFunction[] {
  const found: MeasuredFunction[] = [];
  const lineOf = (position: number): number => parsed.getLineAndCharacterOfPosition(position).line + 1;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const line = lineOf(node.getStart());
      found.push({ name: nameOf(node), line, lines: lineOf(node.getEnd()) - line + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return found;
}

function nameOf(node: ts.SignatureDeclaration): string {
  const named = node.name ?? (ts.isVariableDeclaration(node.parent) ? node.parent.name : undefined);
  return named?.getText() ?? '(anonymous)';
}
