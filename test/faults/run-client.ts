import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/**
 * Runs a script of this folder in a process of its own and reads the JSON it prints; rejects when it prints
 * none.
 */
export async function runClient<Report>(script: string, args: readonly (string | number)[]): Promise<Report> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', path, ...args.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [printed] = await Promise.all([text(child.stdout), once(child, 'close')]);
  // The script's own type says what it prints.
  return JSON.parse(printed) as Report;
}
