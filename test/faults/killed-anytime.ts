/**
 * Kills `duet serve`, or an ffmpeg of its, with SIGKILL at random moments while clients watch, and checks each time
 * that everything a client has seen is in the record, that sessions go on with rising numbers and nothing twice,
 * that no ffmpeg stays behind, and how soon the server answers again. The model runs in threads of the server, so
 * there is no process of its own to kill. Linux and macOS; about three seconds a kill.
 *
 *   npm run build && npx tsx test/faults/killed-anytime.ts [--kills 200] [--seed 1]
 *
 * Prints one JSON object; exits with 1 if anything was lost.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runningProcesses } from '../e2e/running-processes.js';
import { Dice } from '../fuzz/dice.js';
import { RecordedClient } from './recorded-client.js';

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
});
const command = fileURLToPath(new URL('../../dist/server/cli/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'duet-killed-'));
const dice = new Dice(Number(values.seed));
const play = (name: string, pacing: string): object => ({
  ...{ type: 'source.start', source: { type: 'sample', name }, pacing },
});
const often = { policy: { type: 'sum', threshold: 0.001 } };
const clients = [
  new RecordedClient(often, play('street', 'realtime')),
  new RecordedClient({ ...often, cooldown: 1 }, play('kitchen', 'realtime')),
  new RecordedClient({ policy: { type: 'threshold', threshold: 0.3 } }, play('shop', 'fast')),
];
const tally = { server: 0, ffmpeg: 0 };
const restartMs: number[] = [];
const orphanMs: number[] = [];

let server = await startServer();
for (const client of clients) await client.connect(server.url);
for (let kill = 0; kill < Number(values.kills); kill += 1) {
  await sleep(50 + dice.below(2500));
  if (dice.chance(0.3)) clients[0]?.send({ type: 'user.text', text: `What happens? (${kill})` });
  const decoders = ffmpegsOf(server.child);
  if (decoders.length > 0 && dice.chance(0.5)) killDecoder(decoders);
  else await killServer();
}
await sleep(1000);
for (const client of clients) await client.check();
const faults = clients.flatMap((client) => client.faults).filter((fault) => !isExpected(fault));
report();
for (const client of clients) client.close();
server.child.kill('SIGTERM');
await new Promise((resolve) => server.child.once('exit', resolve));
rmSync(folder, { recursive: true, force: true });
process.exitCode = faults.length === 0 ? 0 : 1;

async function startServer(): Promise<{ child: ChildProcess; url: string }> {
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [command, 'serve', '--port', '0', '--workers', '1', '--record', folder],
    {
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => {
      reject(new Error(`the server did not start: exit code ${code}`));
    });
    let said = '';
    child.stdout.on('data', (data: Buffer) => {
      said += data.toString();
      const found = /listening on (http:\S+)/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  await fetch(`${url}/v1/sessions`);
  restartMs.push(Math.round(performance.now() - started));
  return { child, url };
}

async function killServer(): Promise<void> {
  const { child } = server;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const killed = performance.now();
  child.kill('SIGKILL');
  await gone;
  tally.server += 1;
  server = await startServer();
  await Promise.all(clients.map((client) => client.connect(server.url)));
  while (
    (await runningProcesses()).some(({ group, command: name }) => group === child.pid && name === 'ffmpeg')
  ) {
    if (performance.now() - killed > 30_000) throw new Error('an ffmpeg of a killed server lives on');
    await sleep(20);
  }
  orphanMs.push(Math.round(performance.now() - killed));
  for (const client of clients) await client.check();
}

function killDecoder(decoders: readonly number[]): void {
  tally.ffmpeg += 1;
  try {
    process.kill(dice.pick(decoders), 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}

/** Numbers of the server's ffmpeg processes, which belong to its process group. */
function ffmpegsOf({ pid }: ChildProcess): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      const [, comm, group] = /^\d+ \((.*)\) \S \d+ (\d+)/s.exec(statOf(name)) ?? [];
      return comm === 'ffmpeg' && Number(group) === pid;
    })
    .map(Number);
}

function statOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}

/**
 * A client may ask for a source in the moment in which the server has opened it again, and hears of an ffmpeg that
 * was killed before its first frame.
 */
function isExpected(fault: string): boolean {
  return /has a source already|was killed from outside/.test(fault);
}

function report(): void {
  const count = (type: string): number => clients.reduce((sum, { types }) => sum + (types.get(type) ?? 0), 0);
  const sorted = (list: readonly number[]): number[] => [...list].sort((one, other) => one - other);
  const spread = (list: readonly number[]): object => ({
    median: sorted(list)[list.length >> 1],
    most: sorted(list).at(-1),
  });
  const result = {
    ...{
      kills: { server: tally.server, ffmpeg: tally.ffmpeg },
      events: clients.reduce((sum, { seen }) => sum + seen.size, 0),
    },
    ...{ replies: count('response.done'), reopened: count('session.reopened') },
    ...{
      sourcesFailed: count('source.failed'),
      restartMs: spread(restartMs),
      noFfmpegAfterMs: spread(orphanMs),
      faults: faults.slice(0, 20),
    },
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
