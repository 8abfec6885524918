import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { showProgress } from '../../server/cli/judge/progress.js';

function terminal(isTTY: boolean) {
  const written: string[] = [];
  const stream = new PassThrough();
  stream.on('data', (chunk: Buffer) => written.push(chunk.toString('utf8')));
  const tty = Object.assign(stream, {
    isTTY,
    columns: 80,
    cursorTo: () => true,
    clearLine: () => true,
    moveCursor: () => true,
  });
  // A stand-in for as much of a terminal as the bar uses.
  return { stream: tty as unknown as NodeJS.WriteStream, written };
}

test('a bar counts ratings on a terminal', () => {
  const { stream, written } = terminal(true);
  const progress = showProgress({ replies: 3, calls: 2 }, stream);
  progress.advance();
  progress.stop();
  expect(written.join('')).toContain('0/3 ratings');
});

test.each([
  ['elsewhere', false, { replies: 3, calls: 2 }],
  ['where nothing has to be asked', true, { replies: 3, calls: 0 }],
  ['for a judge that is free', true, null],
] as const)('nothing is shown %s', (_, isTTY, estimate) => {
  const { stream, written } = terminal(isTTY);
  const progress = showProgress(estimate, stream);
  progress.advance();
  progress.stop();
  expect(written).toEqual([]);
});
