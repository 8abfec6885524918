import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { passthroughOptions, locateFfmpeg } from '../../server/video/ffmpeg/binary.js';
import type { FfmpegBinary } from '../../server/video/ffmpeg/binary.js';
import type { Picture } from '../../server/video/frame.js';

/** A clip to be made: square pictures that carry their own index, see {@link readIndex}. */
export interface ClipSpec {
  readonly frames: number;
  /** Frames per second as ffmpeg reads them: `30`, `30000/1001`. */
  readonly rate: string;
  /** Extension, which chooses the container; default `mp4`. */
  readonly container?: string;
  /** Options of ffmpeg's output; default near-lossless H.264 with B-frames. */
  readonly output?: readonly string[];
  /** Seconds per unit of time, as `1:1000`; default the rate's. */
  readonly timeBase?: string;
  /** Filters before the encoder, such as `setpts`. */
  readonly filters?: readonly string[];
}

/** Side of a clip's pictures in pixels. */
export const clipSide = 64;

const blocks = 4;
const blockSide = clipSide / blocks;
const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', '-crf', '10', '-g', '30'];

/** The ffmpeg that the tests run on; set DUET_FFMPEG for another. */
export const ffmpeg: FfmpegBinary = await locateFfmpeg();

/** Where the tests put their files. */
export const clipFolder = join(tmpdir(), `duet-test-clips-${ffmpeg.version}`);
mkdirSync(clipFolder, { recursive: true });

/** Makes the clip, or finds it where an earlier test has made it, and returns its path. */
export function makeClip(spec: ClipSpec): string {
  const filters = spec.filters ?? [];
  const args = [
    ...[
      '-f',
      'rawvideo',
      '-pix_fmt',
      'gray',
      '-s',
      `${clipSide}x${clipSide}`,
      '-r',
      spec.rate,
      '-i',
      'pipe:0',
    ],
    ...(filters.length === 0 ? [] : ['-vf', filters.join(',')]),
    ...passthroughOptions(ffmpeg),
    ...['-enc_time_base', spec.timeBase ?? '-1', '-pix_fmt', 'yuv420p', ...(spec.output ?? h264)],
  ];
  return makeFile(args, spec.container ?? 'mp4', () =>
    Buffer.concat(Array.from({ length: spec.frames }, (_, i) => indexPicture(i))),
  );
}

/** Runs the tests' ffmpeg with its output in a cached file. */
export function makeFile(args: readonly string[], extension: string, input?: () => Buffer): string {
  const key = createHash('sha256')
    .update(JSON.stringify([ffmpeg, args, input?.().length]))
    .digest('hex')
    .slice(0, 16);
  const path = join(clipFolder, `${key}.${extension}`);
  if (existsSync(path)) return path;
  // Two test files may want the same clip at once: each makes its own, and the last one stays.
  const draft = join(clipFolder, `${key}-${process.pid}.${extension}`);
  const run = spawnSync(ffmpeg.path, ['-v', 'error', '-y', ...args, draft], {
    input: input?.(),
    maxBuffer: 1 << 28,
  });
  if (run.status !== 0) throw new Error(`ffmpeg ${args.join(' ')}: ${run.stderr.toString()}`);
  renameSync(draft, path);
  return path;
}

/** Writes a file of the tests and returns its path. */
export function writeFile(name: string, content: string | Uint8Array): string {
  const path = join(clipFolder, name);
  writeFileSync(path, content);
  return path;
}

/** The first bytes of a file, as a file of its own: a copy that was cut off. */
export function cutFile(path: string, share: number): string {
  const bytes = readFileSync(path);
  return writeFile(
    `cut-${share}-${path.slice(path.lastIndexOf('/') + 1)}`,
    bytes.subarray(0, Math.floor(bytes.length * share)),
  );
}

/**
 * The index that {@link makeClip} has written into a picture, at any scale: 16 blocks, white for 1, the
 * lowest bit first.
 */
export function readIndex({ width, height, rgb }: Picture): number {
  let index = 0;
  for (let block = 0; block < blocks * blocks; block += 1) {
    const x = Math.floor((((block % blocks) + 0.5) * width) / blocks);
    const y = Math.floor(((Math.floor(block / blocks) + 0.5) * height) / blocks);
    if ((rgb[(y * width + x) * 3] ?? 0) > 127) index += 2 ** block;
  }
  return index;
}

function indexPicture(index: number): Buffer {
  const picture = Buffer.alloc(clipSide * clipSide);
  for (let y = 0; y < clipSide; y += 1) {
    for (let x = 0; x < clipSide; x += 1) {
      const block = Math.floor(y / blockSide) * blocks + Math.floor(x / blockSide);
      picture[y * clipSide + x] = (index >> block) & 1 ? 235 : 16;
    }
  }
  return picture;
}
