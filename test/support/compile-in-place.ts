import { join, resolve } from 'node:path';
import ts from 'typescript';

/**
 * The faults that the compiler finds in files as if they lay in their places in the repository, under its own
 * strict options. `files` are the texts by absolute path; `dependents` are files on disk that use them.
 */
export function compileInPlace(
  root: string,
  files: ReadonlyMap<string, string>,
  dependents: readonly string[] = [],
): readonly string[] {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (file) => ts.sys.readFile(file)) as {
    config: { compilerOptions: object };
  };
  const converted = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const options = { ...converted.options, noEmit: true };
  const base = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...base,
    fileExists: (file) => files.has(resolve(file)) || base.fileExists(file),
    getSourceFile: (file, language) => {
      const text = files.get(resolve(file));
      return text === undefined
        ? base.getSourceFile(file, language)
        : ts.createSourceFile(file, text, language);
    },
  };
  const program = ts.createProgram([...files.keys()], options, host);
  const faults = [...files.keys(), ...dependents].flatMap((path) =>
    ts.getPreEmitDiagnostics(program, program.getSourceFile(path)),
  );
  return faults.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}
