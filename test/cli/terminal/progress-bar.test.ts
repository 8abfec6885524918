import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { ProgressBar } from '../../../server/cli/terminal/progress-bar.js';

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

test('a bar counts on a terminal, anew for every phase, and leaves Ctrl-C alone', () => {
  const { stream, written } = terminal(true);
  const listeners = process.listenerCount('SIGINT');
  const bar = new ProgressBar('ratings', stream);
  bar.show('judging', 1, 3);
  bar.show('judging again', 0, 2);
  expect(process.listenerCount('SIGINT')).toBe(listeners);
  bar.end();
  bar.end();
  const text = written.join('');
  expect(text).toContain('1/3 ratings');
  expect(text).toContain('judging again');
  expect(text).toContain('0/2 ratings');
});

test('elsewhere every line is a whole one', () => {
  const { stream, written } = terminal(false);
  const bar = new ProgressBar('ratings', stream);
  bar.show('judging', 1, 3);
  bar.end();
  expect(written.join('')).toMatch(/^(judging .* ratings[^\n]*\n)+$/);
});
