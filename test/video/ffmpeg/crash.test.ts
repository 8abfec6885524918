import { chmodSync, readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { ffmpeg, makeClip, writeFile } from '../../support/clips.js';
import { processesNaming } from '../../support/ffmpeg-processes.js';
import { openClip, readAll } from '../../support/open-clip.js';

const clip = makeClip({ frames: 3000, rate: '30' });

/** A stand-in for an ffmpeg that never delivers its first picture. */
function program(name: string, ...lines: readonly string[]): string {
  const path = writeFile(name, ['#!/bin/sh', ...lines, ''].join('\n'));
  chmodSync(path, 0o755);
  return path;
}

const noInternals = expect.not.stringMatching(/write after end|EPIPE|stream|premature/i) as string;

describe.skipIf(process.platform !== 'linux')('when a signal ends ffmpeg, the error names it', () => {
  const words: readonly (readonly [NodeJS.Signals, RegExp])[] = [
    ['SIGKILL', /killed from outside \(SIGKILL\).*memory/],
    ['SIGSEGV', /ffmpeg itself crashed \(SIGSEGV\)/],
    ['SIGABRT', /ffmpeg itself crashed \(SIGABRT\)/],
    ['SIGTERM', /ended from outside \((SIGTERM|signal 15)\)/],
  ];

  test.each(words)('%s before the first picture', async (signal, message) => {
    const path = program(`dies-of-${signal}`, `kill -${signal.slice(3)} $$`, 'sleep 60');
    const opening = openClip(clip, { ffmpeg: { ...ffmpeg, path } });
    await expect(opening).rejects.toMatchObject({
      code: 'source_failed',
      message: expect.stringMatching(message) as string,
    });
    await expect(opening).rejects.toThrow('broke off before its first frame');
  });

  test.each(words)('%s while pictures come', async (signal, message) => {
    const path = writeFile(`crash-${signal}.mp4`, readFileSync(clip));
    await using stream = await openClip(path, { fps: 30 });
    const reading = (async () => {
      for await (const { index } of stream) {
        if (index === 20) for (const id of processesNaming(path)) process.kill(id, signal);
      }
    })();
    await expect(reading).rejects.toMatchObject({
      code: 'source_failed',
      message: expect.stringMatching(message) as string,
    });
    await expect(reading).rejects.toMatchObject({ message: noInternals });
  });

  test.each(words)('%s while the reader pauses', async (signal, message) => {
    const path = writeFile(`paused-${signal}.mp4`, readFileSync(clip));
    await using stream = await openClip(path, { fps: 30 });
    const frames = stream[Symbol.asyncIterator]();
    await frames.next();
    stream.pause();
    const next = frames.next();
    for (const id of processesNaming(path)) process.kill(id, signal);
    stream.resume();
    const reading = (async () => {
      await next;
      for (let end = false; !end; end = (await frames.next()).done === true);
    })();
    await expect(reading).rejects.toMatchObject({ message: expect.stringMatching(message) as string });
    await expect(reading).rejects.toMatchObject({ message: noInternals });
  });

  test('twenty kills at any moment never show an internal error', async () => {
    const messages = await Promise.all(
      Array.from({ length: 20 }, async (_, k) => {
        const path = writeFile(`any-${k}.mp4`, readFileSync(clip));
        const opening = openClip(path, { fps: 30 }).then(async (stream) => {
          await readAll(stream);
          return 'read to its end';
        });
        await Promise.race([opening, new Promise((resolve) => setTimeout(resolve, k * 40))]).catch(
          () => undefined,
        );
        for (const id of processesNaming(path)) process.kill(id, 'SIGKILL');
        return opening.catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
      }),
    );
    for (const message of messages) expect(message).toMatch(/SIGKILL|^read to its end$/);
    expect(messages.filter((message) => message.includes('SIGKILL')).length).toBeGreaterThan(3);
  });
});

test('a video that gives no picture is given up', async () => {
  const path = program('never-a-picture', 'sleep 60');
  const opening = openClip(clip, { ffmpeg: { ...ffmpeg, path }, patienceMs: { first: 300, later: 300 } });
  await expect(opening).rejects.toMatchObject({
    code: 'source_failed',
    message: expect.stringMatching(/gave no picture for 0 seconds/) as string,
  });
});
