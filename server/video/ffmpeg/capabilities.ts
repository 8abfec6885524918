import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import type { FfmpegBinary } from './binary.js';

/** Whether an ffmpeg was built with all of these filters. */
export async function hasFilters(ffmpeg: FfmpegBinary, names: readonly string[]): Promise<boolean> {
  const filters = await ask(ffmpeg, '-filters');
  return names.every((name) => filters.has(name));
}

/** Whether an ffmpeg was built with a decoder of this name. */
export async function hasDecoder(ffmpeg: FfmpegBinary, name: string): Promise<boolean> {
  return (await ask(ffmpeg, '-decoders')).has(name);
}

/** Cached answers, by program and question. Builds differ in what they include, even at the same version. */
const answers = new Map<string, Promise<ReadonlySet<string>>>();

function ask({ path }: FfmpegBinary, question: '-filters' | '-decoders'): Promise<ReadonlySet<string>> {
  const key = `${question} ${path}`;
  const known = answers.get(key) ?? namesIn(path, question);
  answers.set(key, known);
  return known;
}

/**
 * The second word of each line; empty if the program does not answer, so that nothing it may lack is used.
 */
async function namesIn(path: string, question: string): Promise<ReadonlySet<string>> {
  const options = { timeout: 15_000, windowsHide: true, maxBuffer: 1 << 22 };
  const { stdout } = await promisify(execFile)(path, ['-hide_banner', question], options).catch(() => ({
    stdout: '',
  }));
  return new Set([...stdout.matchAll(/^\s*[A-Z.|]+ +([\w-]+)/gm)].map((line) => line[1] ?? ''));
}
