import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { passthroughOptions } from '../../server/video/ffmpeg/binary.js';
import { selectFilter } from '../../server/video/sampling/selection.js';
import { letterboxFilters } from '../../server/video/pictures/letterbox-size.js';
import { openVideo } from '../../server/video/open-video.js';
import { ffmpeg, makeFile } from '../support/clips.js';
import { median } from './measurement.js';
import type { Measurement } from './measurement.js';

/** Seconds of video, and what is sampled of it. */
const duration = 60;
const options = { fps: 2, sampler: 'timestamps', side: 384, pacing: 'fast' } as const;
const rounds = 5;

/**
 * How fast video comes in: our whole way, from file to frames in memory, against ffmpeg alone with the same
 * filters.
 */
export async function measureIngest(): Promise<Measurement[]> {
  const path = benchmarkClip();
  await readVideo(path);
  const [alone, ours]: [number[], Reading[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    alone.push(await runFfmpeg(path));
    ours.push(await readVideo(path));
  }
  const wall = Math.min(...ours.map(({ wallMs }) => wallMs));
  const cpu = median(ours.map(({ cpuMs }) => cpuMs));
  const frames = duration * options.fps;
  const note = `${duration} s of 1280x720 H.264 at 30 frames a second, sampled at 2, best of ${rounds}`;
  return [
    {
      name: 'ingest, share of the speed of ffmpeg alone',
      value: Math.min(...alone) / wall,
      unit: '',
      aim: 'at least 0.9',
      note,
    },
    { name: 'ingest, seconds of video a second', value: duration / (wall / 1000), unit: 'x' },
    {
      name: 'ingest, CPU of the server a frame',
      value: cpu / frames,
      unit: 'ms',
      note: 'user and system time of this process',
    },
    {
      name: 'ingest, CPU of the server while it reads',
      value: (100 * cpu) / median(ours.map(({ wallMs }) => wallMs)),
      unit: '%',
    },
    {
      name: 'ingest, first frame after opening',
      value: median(ours.map(({ firstMs }) => firstMs)),
      unit: 'ms',
      note: 'ffmpeg start included',
    },
  ];
}

interface Reading {
  readonly firstMs: number;
  readonly wallMs: number;
  readonly cpuMs: number;
}

async function readVideo(path: string): Promise<Reading> {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  await using stream = await openVideo(
    { type: 'file', path },
    { ...options, ffmpeg, ffmpegPolicy: { trustedSource: true, allowBundled: false } },
  );
  let firstMs = NaN;
  let count = 0;
  for await (const frame of stream) {
    if (frame.index === 0) firstMs = performance.now() - start;
    count += 1;
  }
  if (count !== duration * options.fps) throw new Error(`${count} frames came of ${duration * options.fps}`);
  const { user, system } = process.cpuUsage(cpu);
  return { firstMs, wallMs: performance.now() - start, cpuMs: (user + system) / 1000 };
}

/** Milliseconds that ffmpeg takes for the same pictures, thrown away. */
async function runFfmpeg(path: string): Promise<number> {
  const filters = [selectFilter(options), ...letterboxFilters(options)].join(',');
  const start = performance.now();
  const process = spawn(
    ffmpeg.path,
    [
      '-v',
      'error',
      '-nostdin',
      '-i',
      path,
      '-map',
      '0:V:0',
      '-vf',
      filters,
      ...passthroughOptions(ffmpeg),
      '-f',
      'null',
      '-',
    ],
    { stdio: 'ignore' },
  );
  await once(process, 'exit');
  return performance.now() - start;
}

function benchmarkClip(): string {
  const picture = `testsrc2=s=1280x720:r=30:d=${duration},noise=alls=6:allf=t`;
  return makeFile(
    [
      '-f',
      'lavfi',
      '-i',
      picture,
      '-c:v',
      'libx264',
      '-preset',
      'veryfast',
      '-pix_fmt',
      'yuv420p',
      '-g',
      '60',
    ],
    'mp4',
  );
}
