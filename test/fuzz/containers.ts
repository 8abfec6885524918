import { readFileSync, rmSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

import { DuetError } from '../../server/errors.js';
import { makeClip, makeFile, writeFile } from '../support/clips.js';
import { openClip } from '../support/open-clip.js';

/**
 * Damaged videos: small clips of every container with bytes flipped, overwritten, cut out and cut off, each
 * opened and read to its end. Whatever is in them, frames come in order or a DuetError in words does, and in
 * time.
 *
 * Short: `npx vitest run test/fuzz`. Long: `npx tsx test/fuzz/containers.ts [count, default 2000] [seed]`,
 * which prints the figures and the files at fault.
 */
export interface FuzzResult {
  readonly files: number;
  /** Files that gave frames. */
  readonly played: number;
  readonly frames: number;
  /** Files refused in words, or broken off with a word. */
  readonly refused: number;
  /** What must not be, each with the number of its file. */
  readonly faults: readonly string[];
  readonly slowestMs: number;
}

/** Milliseconds after which a file of a second's video counts as hanging, on a busy machine. */
const patience = 30_000;

const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', '-g', '5', '-crf', '30'];
const sound = ['-f', 'lavfi', '-i', 'sine=d=1', '-shortest'];

/** The clips that are damaged, one of each kind. */
function clips(): readonly (readonly [extension: string, bytes: Buffer])[] {
  const noise = ['-f', 'lavfi', '-i', 'testsrc2=s=48x32:r=10:d=1'];
  const kinds: readonly (readonly [extension: string, options: readonly string[]])[] = [
    ['mp4', [...x264, '-pix_fmt', 'yuv420p', '-movflags', '+faststart']],
    ['mov', ['-c:v', 'prores_ks']],
    ['mkv', [...sound, ...x264, '-c:a', 'aac']],
    ['webm', ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8']],
    ['avi', ['-c:v', 'mpeg4', '-q:v', '8']],
    ['ts', [...sound, ...x264, '-c:a', 'aac']],
    ['mpg', ['-r', '25', '-c:v', 'mpeg2video']],
    ['flv', ['-c:v', 'flv']],
    ['gif', []],
    ['ogv', ['-c:v', 'libtheora']],
    ['wmv', ['-c:v', 'wmv2']],
    ['nut', ['-c:v', 'ffv1']],
    ['apng', ['-f', 'apng']],
  ];
  const made = kinds.map(([extension, options]) => {
    return [extension, readFileSync(makeFile([...noise, ...options], extension))] as const;
  });
  const fragmented = makeClip({
    ...{ frames: 10, rate: '10' },
    output: [...x264, '-movflags', 'frag_keyframe+empty_moov'],
  });
  return [...made, ['mp4', readFileSync(fragmented)]];
}

/** Damages and reads so many files, two at a time. */
export async function fuzzContainers(count: number, seed: number): Promise<FuzzResult> {
  const result = { files: 0, played: 0, frames: 0, refused: 0, faults: [] as string[], slowestMs: 0 };
  const kinds = clips();
  let next = 0;
  const work = async () => {
    for (let number = next++; number < count; number = next++) {
      const random = generator(seed * 1_000_003 + number);
      const [extension, bytes] = kinds[number % kinds.length] ?? ['mp4', Buffer.alloc(0)];
      const path = writeFile(`fuzz-${process.pid}-${seed}-${number}.${extension}`, damaged(bytes, random));
      const start = performance.now();
      const outcome = await play(path);
      result.slowestMs = Math.max(result.slowestMs, performance.now() - start);
      result.files += 1;
      result.frames += outcome.frames;
      if (outcome.frames > 0) result.played += 1;
      if (outcome.refusal !== undefined) result.refused += 1;
      if (outcome.fault === undefined) rmSync(path);
      else result.faults.push(`${number}: ${outcome.fault} (${path})`);
    }
  };
  await Promise.all([work(), work()]);
  return result;
}

interface Outcome {
  readonly frames: number;
  readonly refusal?: string;
  readonly fault?: string;
}

async function play(path: string): Promise<Outcome> {
  let frames = 0;
  let last = -Infinity;
  const giveUp = new AbortController();
  const timer = setTimeout(() => {
    giveUp.abort();
  }, patience);
  try {
    await using stream = await openClip(path, { side: 32, fps: 4 }, giveUp.signal);
    for await (const { videoTime, index, picture } of stream) {
      if (!(videoTime > last) || index !== frames) return { frames, fault: `frame ${index} at ${videoTime}` };
      if (picture.rgb.length !== 32 * 32 * 3) return { frames, fault: `${picture.rgb.length} bytes` };
      last = videoTime;
      frames += 1;
    }
    return { frames };
  } catch (thrown) {
    if (giveUp.signal.aborted) return { frames, fault: `no end after ${patience} ms` };
    if (!(thrown instanceof DuetError)) return { frames, fault: String(thrown) };
    if (thrown.code === 'internal' || /crashed/.test(thrown.message))
      return { frames, fault: thrown.message };
    return { frames, refusal: thrown.message };
  } finally {
    clearTimeout(timer);
  }
}

/** One to eight injuries, mostly to the beginning, where the tables are. */
function damaged(bytes: Buffer, random: () => number): Buffer {
  let injured: Buffer = Buffer.from(bytes);
  const injuries = 1 + Math.floor(random() * 8);
  for (let n = 0; n < injuries; n += 1) injured = injure(injured, random);
  return injured.length === 0 ? Buffer.from([0]) : injured;
}

function injure(bytes: Buffer, random: () => number): Buffer {
  const place = () => Math.floor(random() ** (random() < 0.5 ? 3 : 1) * bytes.length);
  const at = place();
  const length = Math.floor(random() * 24);
  switch (Math.floor(random() * 6)) {
    case 0:
      bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      return bytes;
    case 1:
      bytes.fill(random() < 0.5 ? 0xff : 0, at, Math.min(at + length, bytes.length));
      return bytes;
    case 2:
      for (let k = at; k < at + length && k < bytes.length; k += 1) bytes[k] = Math.floor(random() * 256);
      return bytes;
    case 3:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    case 4:
      // A piece of itself, as joined and torn copies have.
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(place()), bytes.subarray(at)]).subarray(
        0,
        1 << 18,
      );
    default:
      return bytes.subarray(0, Math.max(1, at));
  }
}

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [count = '2000', seed = '1'] = process.argv.slice(2);
  const result = await fuzzContainers(Number(count), Number(seed));
  console.log(JSON.stringify(result, null, 2));
  process.exitCode = result.faults.length === 0 ? 0 : 1;
}
