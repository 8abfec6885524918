// What a newcomer does outside of this repository, from the packed server to a program that runs, with times
// and sizes: npx tsx test/e2e/new-app.ts [port]. Nothing but npm's own cache is needed; builds and packs for
// a minute.
import { execFile, spawn } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { packPackage } from '../../client/package/build-package.js';
import { packageFolder } from '../../server/package-folder.js';

const [, , port = '8799'] = process.argv;
const url = `http://127.0.0.1:${port}`;
const folder = await mkdtemp(join(tmpdir(), 'duet-new-app-'));
const app = join(folder, 'app');
const offline = ['--offline', '--no-audit', '--no-fund'];

/** Runs a command in the empty folder and prints how long it took. */
async function step(command: string, ...args: readonly string[]): Promise<string> {
  const startedAt = performance.now();
  const running = promisify(execFile)(command, args, { cwd: app, maxBuffer: 1e8 });
  const { stdout } = await running.catch((thrown: unknown) => {
    throw new Error(`${command} ${args.join(' ')} failed`, { cause: thrown });
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(`${seconds.padStart(6)} s  ${command} ${args.join(' ')}\n`);
  return stdout;
}

function require(holds: boolean, what: string): void {
  if (!holds) throw new Error(`${what}: it is not so`);
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** Whether the server answers, asked for a minute at most. */
async function answers(): Promise<boolean> {
  for (let attempt = 0; attempt < 120; attempt += 1) {
    const response = await fetch(`${url}/readyz`).catch(() => null);
    if (response?.ok === true) return true;
    await pause(500);
  }
  return false;
}

try {
  await mkdir(app);
  await writeFile(join(app, 'package.json'), '{"private": true, "type": "module"}');
  const { path, size, unpackedSize } = await packPackage(packageFolder, folder);
  process.stdout.write(`the packed server: ${megabytes(size)}, unpacked ${megabytes(unpackedSize)}\n`);

  await step('npm', 'install', path, ...offline);
  process.stdout.write(`installed: ${await step('du', '-sh', 'node_modules')}`);
  require(/^\d+\.\d+\.\d+/.test(
    await step('npx', 'duet', '--version'),
  ), 'npx duet --version tells the version');
  const watched = await step('npx', 'duet', 'watch', 'kitchen', '--json');
  require(watched.includes('"type":"response.done"'), 'the bundled model speaks about a bundled clip');
  const names = await step(
    'node',
    '-e',
    "import('duet').then((duet) => console.log(Object.keys(duet).join()))",
  );
  require(names.trim() === 'DuetError,loadConfig,startServer', 'a program can import duet');

  const server = spawn('npx', ['duet', 'serve', '--port', port, '--record', 'off'], {
    cwd: app,
    detached: true,
    stdio: 'ignore',
  });
  try {
    require(await answers(), `the server answers at ${url}`);
    await step('npm', 'install', `${url}/duet-client.tgz`, '--no-audit', '--no-fund');
    await step('npm', 'install', '--save-dev', 'typescript@6', '@types/node@20', ...offline);
    await copyFile(join(packageFolder, 'samples', 'watch.ts'), join(app, 'watch.ts'));
    await step(
      'npx',
      'tsc',
      '--strict',
      '--target',
      'es2022',
      '--module',
      'nodenext',
      '--types',
      'node',
      'watch.ts',
    );
    const said = await step('node', 'watch.js', url);
    require(/duet: \w/.test(said), 'the program prints what the model says');
    process.stdout.write(said);
  } finally {
    if (server.pid !== undefined) process.kill(-server.pid);
  }
  process.stdout.write(`the program has ${(await stat(join(app, 'watch.ts'))).size} bytes\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
