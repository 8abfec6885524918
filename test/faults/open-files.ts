/**
 * Opens a video again and again in a process that may open ever fewer files, down to none, and tells what
 * came of each try.
 *
 *     bash -c 'ulimit -n 256; exec node --import tsx test/faults/open-files.ts samples/clips/desk.mp4'
 *
 * It prints one line of JSON: the outcome of each try, and what was caught by nobody. It ends by itself
 * within a minute.
 */
import { closeSync, openSync } from 'node:fs';
import { toDuetError } from '../../server/errors.js';
import { locateFfmpeg } from '../../server/video/ffmpeg/binary.js';
import { openVideo } from '../../server/video/open-video.js';

/** What came of one try: 'frame', or the code of an error, with so many files left to open. */
export interface OpenFilesReport {
  readonly tries: readonly { readonly free: number; readonly outcome: string; readonly message: string }[];
  readonly uncaught: readonly string[];
}

const [, , clip = ''] = process.argv;
const uncaught: string[] = [];
process.on('uncaughtException', (thrown) => uncaught.push(String(thrown)));
setTimeout(() => process.exit(3), 60_000).unref();

const ffmpeg = await locateFfmpeg();
const held: number[] = [];
fill();
const tries: OpenFilesReport['tries'][number][] = [];
for (let free = 0; free <= 16; free += 1) {
  fill();
  for (let count = 0; count < free; count += 1) closeSync(held.pop() ?? -1);
  tries.push(await tryToOpen(free));
}
for (const file of held.splice(0)) closeSync(file);
tries.push(await tryToOpen(Infinity));
process.stdout.write(JSON.stringify({ tries, uncaught } satisfies OpenFilesReport));
process.exit(0);

function fill(): void {
  try {
    for (;;) held.push(openSync('/dev/null', 'r'));
  } catch {
    // There is no room for another one.
  }
}

async function tryToOpen(free: number): Promise<OpenFilesReport['tries'][number]> {
  const signal = AbortSignal.timeout(10_000);
  try {
    const source = { type: 'file', path: clip } as const;
    await using stream = await openVideo(
      source,
      { ffmpeg, fps: 2, side: 64, pacing: 'fast', maxFrames: 1 },
      signal,
    );
    let outcome = 'nothing';
    for await (const { index } of stream) outcome = `frame ${index}`;
    return { free, outcome, message: '' };
  } catch (thrown) {
    const { code, message } = toDuetError(thrown);
    return { free, outcome: code, message };
  }
}
