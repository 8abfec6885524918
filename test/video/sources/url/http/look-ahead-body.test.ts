import { PassThrough } from 'node:stream';

import { expect, test } from 'vitest';

import { LookAheadBody } from '../../../../../server/video/sources/url/http/look-ahead-body.js';

async function all(body: AsyncIterable<Buffer>): Promise<string> {
  let text = '';
  for await (const chunk of body) text += chunk.toString();
  return text;
}

test('inspected bytes are read again, followed by the rest', async () => {
  const source = new PassThrough();
  const body = new LookAheadBody(source);
  source.write('abc');
  expect((await body.lookAhead(2, 1000)).toString()).toBe('abc');
  expect(body.ended).toBe(false);
  source.end('def');
  expect(await all(body)).toBe('abcdef');
});

test('an inspection that times out loses nothing', async () => {
  const source = new PassThrough();
  const body = new LookAheadBody(source);
  expect((await body.lookAhead(1, 10)).toString()).toBe('');
  source.end('late');
  expect((await body.lookAhead(4, 1000)).toString()).toBe('late');
  expect((await body.lookAhead(9, 1000)).toString()).toBe('late');
  expect(body.ended).toBe(true);
  expect(await all(body)).toBe('late');
});

test('a body that sends nothing can be discarded during a read', async () => {
  const source = new PassThrough();
  const body = new LookAheadBody(source);
  await body.lookAhead(1, 10);
  body.close();
  expect(source.destroyed).toBe(true);
});
