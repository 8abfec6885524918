import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { Printer } from '../../../server/cli/watch/printer.js';

test('what is printed arrives whole and in order, however slow the reader', async () => {
  const read: string[] = [];
  const slow = new Writable({
    highWaterMark: 1,
    write: (chunk: Buffer, _encoding, done) => {
      read.push(chunk.toString());
      setImmediate(done);
    },
  });
  const printer = new Printer(slow);
  for (let seq = 1; seq <= 50; seq += 1) await printer.print(`${seq}\n`, seq);
  expect(read.join('')).toBe(Array.from({ length: 50 }, (_, index) => `${index + 1}\n`).join(''));
});

test('the video waits while printing is far behind, and goes on when it has caught up', async () => {
  const printer = new Printer(
    new Writable({
      write: (_chunk, _encoding, done) => {
        done();
      },
    }),
  );
  let waited = false;
  const keptUp = printer.keptUpWith(1000).then(() => {
    waited = true;
  });
  await printer.print('x', 499);
  expect(waited).toBe(false);
  await printer.print('x', 500);
  await keptUp;
  expect(waited).toBe(true);
});

test('a closed output does not block the session', async () => {
  const broken = new Writable({
    highWaterMark: 1,
    write: (_chunk, _encoding, done) => {
      done(new Error('EPIPE'));
    },
  });
  const printer = new Printer(broken);
  const waiting = printer.keptUpWith(10_000);
  await printer.print('x', 1);
  await waiting;
  expect(printer.gone.aborted).toBe(true);
});
