/**
 * Watches with more and more sessions at once and prints, for each number, how many sources were admitted,
 * how many frames were scored and how late, and what it took; then the same beside a session that runs fast;
 * then one live stream for eight sessions against one for each. It starts a server of its own, with two
 * workers.
 *
 *   npm run build && npx tsx test/soak/many-sessions.ts [--seconds 30] [--sessions 4,8,16,32] [--live 8]
 *     [--questions 0] [--json FILE] [--command path of another build's dist/server/cli/main.js]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ffmpeg } from '../support/clips.js';
import { LoopedCamera } from './looped-camera.js';
import { latenessOf, quantile, watchSession, type WatchedSession } from './watch-session.js';
import { startBuiltServer } from './built-server.js';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '30' },
    sessions: { type: 'string', default: '4,8,16,32' },
    live: { type: 'string', default: '8' },
    questions: { type: 'string', default: '0' },
    json: { type: 'string' },
    command: { type: 'string' },
  },
});
const seconds = Number(values.seconds);
const questions = Number(values.questions);
const root = fileURLToPath(new URL('../..', import.meta.url));
const sample = join(root, 'samples/clips/street.mp4');
const folder = mkdtempSync(join(tmpdir(), 'duet-many-sessions-'));
const clip = join(folder, 'street.mp4');
const { command } = values;
const startDelayMs = 250;

interface Row {
  readonly scenario: string;
  readonly admitted: string;
  readonly scored: string;
  /** Milliseconds against the most punctual frame of each session; a live stream begins with a burst. */
  readonly p50: number;
  readonly p99: number;
  /** What the server measured in the last ten seconds, from the time of a frame to its score. */
  readonly lateP50: number;
  readonly lateP99: number;
  readonly serverCores: number;
  readonly decoderCores: number;
  readonly encoded: number;
  readonly load: number;
}

try {
  makeLoop();
  const rows: Row[] = [];
  const written: object[] = [];
  const refusals = new Map<string, string>();
  const measure = async (scenario: string, starts: readonly object[], fast: boolean): Promise<void> => {
    const { row, refused } = await measured(scenario, starts, fast);
    rows.push(row);
    written.push({ ...row, refused });
    if (refused !== null) refusals.set(scenario, refused);
    process.stderr.write(`${JSON.stringify(row)}\n`);
  };
  const file = { source: { type: 'file', path: clip }, pacing: 'realtime' };
  for (const count of values.sessions.split(',').map(Number)) {
    const starts = Array.from({ length: count }, () => file);
    await measure(`${count} sessions`, starts, false);
    await measure(`${count} sessions beside a fast one`, starts, true);
  }
  await using camera = await LoopedCamera.of(sample);
  const live = Number(values.live);
  for (const streams of live > 0 ? [1, live] : []) {
    const starts = Array.from({ length: live }, (_, index) => ({
      source: { type: 'url', url: camera.address(`camera${index % streams}`) },
    }));
    await measure(`${live} sessions on ${streams} live`, starts, false);
  }
  console.table(rows);
  for (const [scenario, message] of refusals) console.log(`${scenario}: ${message}`);
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(written, null, 2));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The sample, again and again, for longer than anybody watches it. */
function makeLoop(): void {
  const length = ['-t', '3600'];
  const loop = ['-v', 'error', '-stream_loop', '-1', '-i', sample, '-an', '-c', 'copy', ...length, clip];
  const made = spawnSync(ffmpeg.path, loop, { timeout: 60_000 });
  if (made.status !== 0) throw new Error(`the clip could not be made: ${made.stderr.toString()}`);
}

/** Watches all of them at once, each begun a moment after the one before, on a fresh server. */
async function measured(
  scenario: string,
  starts: readonly object[],
  fast: boolean,
): Promise<{ row: Row; refused: string | null }> {
  const { server, url } = await startBuiltServer(
    ['--model', 'duet-nano', '--allow-root', folder, '--record', join(folder, 'records')],
    command,
  );
  try {
    const end = performance.now() + seconds * 1000 + starts.length * startDelayMs;
    const left = (): number => Math.max(1, (end - performance.now()) / 1000);
    const background = fast
      ? watchSession(url, { source: { type: 'file', path: clip }, pacing: 'fast' }, left())
      : null;
    const watching: Promise<WatchedSession>[] = [];
    for (const start of starts) {
      watching.push(watchSession(url, start, left(), questions));
      await sleep(startDelayMs);
    }
    await sleep(Math.max(0, end - performance.now() - 1000));
    const metrics = await (await fetch(`${url}/metrics`)).text();
    const sessions = await Promise.all(watching);
    const quick = await background;
    return rowOf(scenario, sessions, quick, metrics);
  } finally {
    server.kill('SIGTERM');
    await Promise.race([new Promise((resolve) => server.once('exit', resolve)), sleep(10_000)]);
    server.kill('SIGKILL');
  }
}

function rowOf(
  scenario: string,
  sessions: readonly WatchedSession[],
  fast: WatchedSession | null,
  metrics: string,
): { row: Row; refused: string | null } {
  const admitted = sessions.filter(({ refused }) => refused === null);
  const late = latenessOf(admitted);
  const value = (name: string): number => Number(metrics.split(`\nduet_${name} `)[1]?.split('\n')[0] ?? NaN);
  const beside = fast === null ? '' : ` + ${fast.scored.length} fast`;
  const row = {
    scenario,
    admitted: `${admitted.length} of ${sessions.length}`,
    scored: `${late.length}${beside}`,
    p50: Math.round(quantile(late, 0.5)),
    p99: Math.round(quantile(late, 0.99)),
    lateP50: Math.round(1000 * value('frame_lateness_seconds{quantile="0.5"}')),
    lateP99: Math.round(1000 * value('frame_lateness_seconds{quantile="0.99"}')),
    serverCores: value('cores_used{by="server"}'),
    decoderCores: value('cores_used{by="decoders"}'),
    encoded: value('pictures_encoded_total{model="duet-nano"}'),
    load: Math.round(loadavg()[0] ?? 0),
  };
  return { row, refused: sessions.find(({ refused }) => refused !== null)?.refused ?? null };
}
