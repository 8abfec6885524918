import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../transport/test-server.js';
import { duetCommand, DuetProcess } from './duet-process.js';

const commands = [
  ['--help'],
  ['config'],
  ['model', 'list'],
  ['model', 'inspect', '--json'],
  ['score', 'grounding', '--help'],
  ['watch', 'street', '--max-frames', '40', '--threshold', '0'],
  ['watch', 'street', '--max-frames', '40', '--json'],
];

test.each(commands.map((command) => [command.join(' '), command] as const))(
  'duet %s says nothing when its reader leaves before the first line',
  async (_name, command) => {
    const duet = new DuetProcess(command);
    duet.child.stdout?.destroy();
    expect(await duet.ended).toMatchObject({ exitCode: 0, signal: null, stderr: '' });
  },
);

test('duet bench says no stack trace when its reader leaves, and writes its files', async () => {
  const output = join(await temporaryFolder(), 'run');
  const duet = new DuetProcess(['bench', 'magqa', '--limit', '2', '-o', output]);
  duet.child.stdout?.destroy();
  const { exitCode, stderr } = await duet.ended;
  expect(exitCode).toBe(0);
  expect(stderr).not.toMatch(/\n\s+at |EPIPE/);
  expect(existsSync(join(output, 'report.json'))).toBe(true);
});

test('a command whose reader of errors has left, too, ends with its exit code', async () => {
  const duet = new DuetProcess(['watch', 'nothing.mp4', '--json']);
  duet.child.stdout?.destroy();
  duet.child.stderr?.destroy();
  expect(await duet.ended).toMatchObject({ exitCode: 2, signal: null });
});

test('duet watch of a file that is missing prints one line on stderr in all', async () => {
  const { exitCode, stdout, stderr } = await new DuetProcess(['watch', 'nothing.mp4', '--json']).ended;
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toMatch(/^duet: [^\n]+\n$/);
});

test.skipIf(!existsSync('/dev/full'))(
  'an output that cannot be written is one line, and a failure',
  async () => {
    const full = await open('/dev/full', 'w');
    const child = spawn(process.execPath, [duetCommand, 'model', 'list'], {
      stdio: ['ignore', full.fd, 'pipe'],
    });
    let said = '';
    child.stderr?.on('data', (data: Buffer) => (said += data.toString()));
    const [exitCode] = (await once(child, 'close')) as [number | null];
    await full.close();
    expect(exitCode).toBe(1);
    expect(said).toMatch(/^duet: the output could not be written: [^\n]+\n$/);
  },
);

test('duet watch opens with the layout that was asked for', async () => {
  const args = ['watch', 'street', '--max-frames', '2', '--json', '--repetition-penalty', '1.1'];
  const { exitCode, stdout } = await new DuetProcess([...args, '--prompt-layout', 'reference']).ended;
  expect(exitCode).toBe(0);
  const opened = JSON.parse(stdout.split('\n')[0] ?? '') as { settings: Record<string, unknown> };
  expect(opened.settings).toMatchObject({ prompt_layout: 'reference', repetition_penalty: 1.1 });
});
