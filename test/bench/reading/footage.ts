import { ReaderThread } from '../../../server/runtime/worker/reader-thread.js';
import { watchScene } from './watch-scene.js';

/** Every string that is told of footage, and how many that is a minute. */
export async function readFootage(paths: readonly string[]): Promise<object> {
  await using reader = new ReaderThread({ threads: 1 });
  const rows = [];
  for (const path of paths) {
    await using session = await watchScene(path, reader, { readText: 'on', pacing: 'fast' });
    const told = session.log.snapshot().flatMap((event) => (event.type === 'text.seen' ? [event.text] : []));
    rows.push({ footage: path.split('/').at(-1) ?? path, seconds: session.videoTime, told });
  }
  const minutes = rows.reduce((sum, { seconds }) => sum + seconds, 0) / 60;
  const strings = rows.reduce((sum, { told }) => sum + told.length, 0);
  return { minutes, strings, perMinute: strings / minutes, rows };
}
