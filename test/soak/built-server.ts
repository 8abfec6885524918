import { spawn, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

/**
 * Starts the built `duet serve` on a free port, with two workers at most and room for all sessions that are
 * measured; resolves once it listens. `command` is another build's `main.js`.
 */
export async function startBuiltServer(
  flags: readonly string[],
  command = ownBuild,
): Promise<{ server: ChildProcess; url: string }> {
  const workers = String(Math.min(2, availableParallelism()));
  const settings = ['--port', '0', '--workers', workers, '--max-sessions', '256'];
  const server = spawn(process.execPath, [command, 'serve', ...settings, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    let said = '';
    server.stdout.on('data', (data: Buffer) => {
      said += data.toString();
      const found = /listening on (\S+)/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    server.on('exit', () => {
      reject(new Error(`the server ended before it was listening: ${said}`));
    });
  });
  return { server, url };
}

const ownBuild = fileURLToPath(new URL('../../dist/server/cli/main.js', import.meta.url));
