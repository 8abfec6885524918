import { readFileSync } from 'node:fs';
import { ReaderThread } from '../../../server/runtime/worker/reader-thread.js';
import type { ReadRequest, TextReader } from '../../../server/runtime/reader/text-reader.js';
import { watchScene } from './watch-scene.js';

/**
 * Processor time of this process and of ffmpeg while a scene is watched in real time for a while, as a share
 * of one core, with the number of looks.
 */
export async function shareOfCore(path: string, readText: 'on' | 'off'): Promise<object> {
  await using thread = new ReaderThread({ threads: 1 });
  let looks = 0;
  const reader: TextReader = {
    read: (request: ReadRequest, signal: AbortSignal) => {
      looks += 1;
      return thread.read(request, signal);
    },
  };
  const [here, ffmpegs, begun] = [process.cpuUsage(), childSeconds(), performance.now()];
  const session = await watchScene(
    path,
    reader,
    { readText, pacing: 'realtime' },
    AbortSignal.timeout(seconds * 1000),
  );
  await session.close('measured');
  const { user, system } = process.cpuUsage(here);
  const passed = (performance.now() - begun) / 1000;
  return {
    ...{ server: (user + system) / 1e6 / passed, ffmpeg: (childSeconds() - ffmpegs) / passed },
    ...{ looks, seconds: passed },
  };
}

const seconds = 30;

/** Processor seconds of processes that this one has started and that have ended; Linux only. */
function childSeconds(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? [];
  const ticks = Number(fields[13]) + Number(fields[14]);
  return ticks / 100;
}
