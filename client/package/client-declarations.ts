import { join, relative, sep } from 'node:path';
import ts from 'typescript';
import { packageFolder } from '../../server/package-folder.js';
import { protocolTypes } from './protocol-types.js';

const sources = join(packageFolder, 'client', 'sdk');
const protocolFile = join(sources, 'protocol.ts');

/**
 * The declarations of `client/sdk` by path: as the compiler writes them, but with the messages of the
 * protocol written out in `protocol.ts`, so that they import nothing of the server and no library. The client
 * is checked against these messages on the way.
 */
export async function clientDeclarations(): Promise<ReadonlyMap<string, string>> {
  const options = declarationOptions();
  const program = ts.createProgram(
    [join(sources, 'index.ts'), join(sources, 'duet-player.ts')],
    options,
    hostWith(options, await protocolTypes()),
  );
  const declarations = new Map<string, string>();
  const { diagnostics } = program.emit(undefined, (path, text) => {
    const inside = relative(sources, path);
    if (!inside.startsWith('..')) declarations.set(inside.split(sep).join('/'), text);
  });
  const faults = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
  if (faults.length > 0) throw new Error(ts.formatDiagnostics(faults, formatHost));
  return declarations;
}

function declarationOptions(): ts.CompilerOptions {
  const path = join(packageFolder, 'tsconfig.json');
  const { config } = ts.readConfigFile(path, (file) => ts.sys.readFile(file)) as { config: object };
  const parsed = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, packageFolder);
  const written = { noEmit: false, declaration: true, emitDeclarationOnly: true };
  return { ...parsed.options, ...written, rootDir: packageFolder };
}

/** Reads files as they are, but for the one with the protocol. */
function hostWith(options: ts.CompilerOptions, protocol: string): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const asItIs = host.readFile.bind(host);
  host.readFile = (path) => (relative(path, protocolFile) === '' ? protocol : asItIs(path));
  host.getSourceFile = (path, language) => {
    const text = host.readFile(path);
    return text === undefined ? undefined : ts.createSourceFile(path, text, language);
  };
  return host;
}

const formatHost: ts.FormatDiagnosticsHost = {
  getCanonicalFileName: (path) => path,
  getCurrentDirectory: () => packageFolder,
  getNewLine: () => '\n',
};
