import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { makeFile } from '../../../support/clips.js';

const folder = join(import.meta.dirname, 'recorded');
const bytesOf = { webm: 'canvas.webm', mp4: 'canvas.mp4' };

/** A container as a recorder makes it. */
export type RecordedFormat = 'webm' | 'mp4' | 'mpegts';

/**
 * The chunks of a recording of four seconds: by Chromium's MediaRecorder, MPEG-TS by ffmpeg from the WebM.
 */
export function recordedChunks(format: RecordedFormat): readonly Uint8Array[] {
  if (format === 'mpegts') return piecesOf(readFileSync(transportStream()), 10_000);
  const bytes = readFileSync(join(folder, bytesOf[format]));
  const lengths = JSON.parse(readFileSync(join(folder, `canvas-${format}.json`), 'utf8')) as number[];
  let at = 0;
  return lengths.map((length) => bytes.subarray(at, (at += length)));
}

function transportStream(): string {
  const input = ['-i', join(folder, 'canvas.webm')];
  return makeFile([...input, '-c:v', 'mpeg2video', '-c:a', 'mp2', '-f', 'mpegts'], 'ts');
}

function piecesOf(bytes: Uint8Array, length: number): readonly Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / length) }, (_, i) =>
    bytes.subarray(i * length, (i + 1) * length),
  );
}
