/**
 * Webcams at once on one server: pushes a video's pictures as JPEG at the model's own rate, as the page does,
 * in several sessions, and prints how long after its picture was sent each frame was scored, and each reply
 * began and was told. Then one session as fast as it goes, against real time. It starts a server of its own,
 * with two workers.
 *
 *   npm run build && npx tsx test/soak/webcams.ts [--model NAME] [--video FILE] [--webcams 8] [--seconds 60]
 *     [--size 1280x720] [--json FILE]
 *
 * For figures of two cores keep it and its server there, where nothing else runs: `taskset -c 0,1 npx tsx
 * ...`.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';
import { connectDuet, type DuetClient } from '../../client/sdk/index.js';
import { ffmpeg } from '../support/clips.js';
import { quantile } from './watch-session.js';
import { startBuiltServer } from './built-server.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    video: { type: 'string', default: join(root, 'samples/clips/street.mp4') },
    webcams: { type: 'string', default: '8' },
    seconds: { type: 'string', default: '60' },
    size: { type: 'string', default: '1280x720' },
    json: { type: 'string' },
  },
});
const video = resolve(values.video);
const seconds = Number(values.seconds);

/** What became of the pictures of one webcam; times are milliseconds. */
interface Watched {
  sent: number;
  /** Pictures that the connection was too slow for. */
  held: number;
  /** From sending a picture to its score, to the first words of a reply at it, and to the whole reply. */
  readonly toScore: number[];
  readonly toWords: number[];
  readonly toReply: number[];
  refused: string | null;
}

const { server, url } = await startBuiltServer([
  ...['--allow-root', dirname(video), '--record', 'off'],
  ...(values.model === undefined ? [] : ['--model', values.model]),
]);
try {
  const probe = await openSession();
  const fps = probe.settings.fps;
  await probe.client.close();
  const pictures = readPictures(fps);
  const count = Number(values.webcams);
  const watching = Array.from({ length: count }, async (_, index) => {
    // As people come: not in step with each other.
    await sleep((index * 1000) / fps / count + 250 * index);
    return watchWebcam(pictures, fps);
  });
  const all = await Promise.all(watching);
  const load = loadavg()[0] ?? 0;
  const fast = await watchFast();
  const rows = [
    rowOf('to its score', all, 'toScore'),
    rowOf('to the first words', all, 'toWords'),
    rowOf('to the whole reply', all, 'toReply'),
  ];
  console.log(
    `${count} webcams of ${values.size} at ${fps} fps for ${seconds} s with ${fast.model}, ${availableParallelism()} cores, load ${load.toFixed(1)}`,
  );
  const sent = all.reduce((sum, one) => sum + one.sent, 0);
  const scored = all.reduce((sum, one) => sum + one.toScore.length, 0);
  const held = all.reduce((sum, one) => sum + one.held, 0);
  console.log(`${sent} pictures sent, ${scored} scored, ${held} not sent for want of room`);
  for (const { refused } of all) if (refused !== null) console.log(`refused: ${refused}`);
  console.log('milliseconds from sending a picture');
  console.table(rows);
  console.log(
    `fast: ${fast.frames} frames in ${fast.seconds.toFixed(1)} s, ${fast.timesRealTime.toFixed(1)}x real time`,
  );
  const report = {
    model: fast.model,
    fps,
    size: values.size,
    webcams: count,
    seconds,
    sent,
    scored,
    held,
    load,
    rows,
    fast,
  };
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
} finally {
  server.kill('SIGTERM');
  await Promise.race([new Promise((done) => server.once('exit', done)), sleep(10_000)]);
  server.kill('SIGKILL');
}

/** A session of its own connection, with what the model's maker recommends. */
async function openSession(): Promise<{ client: DuetClient; settings: { fps: number }; model: string }> {
  const client = connectDuet(`${url.replace('http', 'ws')}/v1/duet`, { webSocket: WebSocket });
  const { settings, model } = await client.open();
  return { client, settings, model };
}

/** The video's pictures at that rate as JPEG, as a page makes them of a webcam. */
function readPictures(fps: number): readonly Uint8Array[] {
  const [width, height] = values.size.split('x');
  const scale = `fps=${fps},scale=${width}:${height}:force_original_aspect_ratio=decrease`;
  const args = [
    '-v',
    'error',
    '-i',
    video,
    '-vf',
    scale,
    '-c:v',
    'mjpeg',
    '-q:v',
    '4',
    '-f',
    'image2pipe',
    '-',
  ];
  const { stdout, status, stderr } = spawnSync(ffmpeg.path, args, { maxBuffer: 2 ** 30, timeout: 120_000 });
  if (status !== 0) throw new Error(`${video} could not be read: ${stderr.toString()}`);
  const starts: number[] = [];
  const marker = Buffer.from([0xff, 0xd8, 0xff]);
  for (let at = stdout.indexOf(marker); at >= 0; at = stdout.indexOf(marker, at + 3)) starts.push(at);
  return starts.map((start, index) => stdout.subarray(start, starts[index + 1]));
}

/** Pushes the pictures, again and again, and notes when their scores and replies arrive. */
async function watchWebcam(pictures: readonly Uint8Array[], fps: number): Promise<Watched> {
  const watched: Watched = { sent: 0, held: 0, toScore: [], toWords: [], toReply: [], refused: null };
  const { client } = await openSession();
  const sentAt = new Map<number, number>();
  const hearing = hear(client, sentAt, watched);
  client.startSource({ type: 'pictures' }, { pacing: 'realtime' });
  const begun = performance.now();
  for (let index = 0; index < seconds * fps && watched.refused === null; index += 1) {
    const videoTime = (index + 0.5) / fps;
    await sleep(Math.max(0, begun + 1000 * videoTime - performance.now()));
    const picture = pictures[index % pictures.length];
    if (picture === undefined) throw new Error(`${video} has no pictures`);
    if (client.pushPicture(picture, videoTime)) {
      sentAt.set(videoTime, performance.now());
      watched.sent += 1;
    } else watched.held += 1;
  }
  // What is on its way still arrives.
  await sleep(2000);
  await client.close();
  await hearing;
  return watched;
}

async function hear(
  client: DuetClient,
  sentAt: ReadonlyMap<number, number>,
  watched: Watched,
): Promise<void> {
  const begun = new Set<string>();
  for await (const event of client) {
    if (event.type === 'error') watched.refused = event.message;
    if (!('video_time' in event)) continue;
    const passed = performance.now() - (sentAt.get(event.video_time) ?? NaN);
    if (Number.isNaN(passed)) continue;
    if (event.type === 'frame.scored') watched.toScore.push(passed);
    if (event.type === 'response.done') watched.toReply.push(passed);
    if (event.type === 'response.text.delta' && !begun.has(event.response_id)) {
      begun.add(event.response_id);
      watched.toWords.push(passed);
    }
  }
}

function rowOf(what: string, all: readonly Watched[], which: 'toScore' | 'toWords' | 'toReply'): object {
  const times = all.flatMap((one) => one[which]);
  const at = (share: number): number => Math.round(quantile(times, share));
  return { what, count: times.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), most: at(1) };
}

/** One session over the whole video as fast as it goes, from asking for it to its last frame. */
async function watchFast(): Promise<{
  model: string;
  frames: number;
  seconds: number;
  timesRealTime: number;
}> {
  const { client, settings, model } = await openSession();
  const begun = performance.now();
  client.startSource({ type: 'file', path: video }, { pacing: 'fast' });
  for await (const event of client) {
    if (event.type === 'error' || event.type === 'source.failed') throw new Error(event.message);
    if (event.type !== 'source.ended') continue;
    const took = (performance.now() - begun) / 1000;
    await client.close();
    return { model, frames: event.frames, seconds: took, timesRealTime: event.frames / settings.fps / took };
  }
  throw new Error('the session ended before its video');
}
