/**
 * Kills `duet serve` and `duet watch` with SIGKILL while an ffmpeg of theirs runs - on a paused video, on an
 * address that has stopped sending, on one that drips - and prints for each how long that ffmpeg lived on, in
 * milliseconds. Linux and macOS; at most half a minute a case.
 *
 *   npm run build && npx tsx test/faults/killed-server.ts [--short] [path of another build's
 *   dist/server/cli/main.js]
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { runningProcesses } from '../e2e/running-processes.js';
import { makeClip } from '../support/clips.js';
import { HttpPages, pathOf } from '../support/http-pages.js';

const built = fileURLToPath(new URL('../../dist/server/cli/main.js', import.meta.url));
const short = process.argv.includes('--short');
const command = process.argv.slice(2).find((argument) => !argument.startsWith('--')) ?? built;
const clip = makeClip({ frames: 3000, rate: '30' });
const stream = readFileSync(makeClip({ frames: 3000, rate: '30', container: 'ts' }));
const half = stream.subarray(0, stream.length / 2);

await using pages = await HttpPages.listen((request, response) => {
  response.writeHead(200, { 'content-length': stream.length }).write(half);
  if (pathOf(request) === '/drips.ts') drip(response);
});

const address = (path: string) => ({ type: 'url', url: pages.base + path });
const cases: Readonly<Record<string, () => ChildProcess | Promise<ChildProcess>>> = {
  'serve, paused file': () => served({ type: 'file', path: clip }, true),
  'serve, stalled address': () => served(address('/stalls.ts'), false),
  'watch, stalled address': () => start(['watch', `${pages.base}/stalls.ts`]),
  'serve, dripping address': () => served(address('/drips.ts'), false),
  'watch, file in real time': () => start(['watch', clip, '--realtime']),
};
for (const [name, begin] of Object.entries(cases).slice(0, short ? 3 : undefined)) {
  process.stdout.write(`${JSON.stringify({ case: name, outlivedMs: await outlived(begin) })}\n`);
}

function drip(response: ServerResponse): void {
  let at = half.length;
  const timer = setInterval(() => response.write(stream.subarray(at, (at += 1))), 1000);
  response.on('close', () => {
    clearInterval(timer);
  });
}

/** Milliseconds from the kill until no ffmpeg of the process is left; null after half a minute. */
async function outlived(begin: () => ChildProcess | Promise<ChildProcess>): Promise<number | null> {
  const parent = await begin();
  const decoders = async () =>
    (await runningProcesses()).filter(({ group, command: name }) => group === parent.pid && name === 'ffmpeg')
      .length;
  for (let tries = 0; (await decoders()) === 0; tries += 1) {
    if (tries > 600) throw new Error('no ffmpeg was started');
    await sleep(50);
  }
  // Until what was sent is decoded, and ffmpeg waits.
  await sleep(1000);
  const killed = performance.now();
  parent.kill('SIGKILL');
  while ((await decoders()) > 0) {
    if (performance.now() - killed > 30_000) {
      if (parent.pid !== undefined) process.kill(-parent.pid, 'SIGKILL');
      return null;
    }
    await sleep(20);
  }
  return Math.round(performance.now() - killed);
}

function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [command, ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** A server whose one client watches a source. */
async function served(source: object, paused: boolean): Promise<ChildProcess> {
  const root = clip.slice(0, clip.lastIndexOf('/'));
  const server = start([
    'serve',
    '--model',
    'duet-nano',
    '--port',
    '0',
    '--workers',
    '1',
    '--allow-root',
    root,
  ]);
  const url = await new Promise<string>((resolve) => {
    let said = '';
    server.stdout?.on('data', (data: Buffer) => {
      said += data.toString();
      const found = /listening on http:(\S+)/.exec(said)?.[1];
      if (found !== undefined) resolve(`ws:${found}/v1/duet`);
    });
  });
  const socket = new WebSocket(url, 'duet.v1');
  socket.on('error', () => undefined);
  socket.once('open', () => {
    socket.send(JSON.stringify({ type: 'session.open' }));
    socket.send(JSON.stringify({ type: 'source.start', source }));
  });
  await new Promise<void>((resolve) => {
    socket.on('message', (data: Buffer) => {
      if (data.toString().includes('"type":"source.opened"')) resolve();
    });
  });
  if (paused) socket.send(JSON.stringify({ type: 'source.pause' }));
  return server;
}
