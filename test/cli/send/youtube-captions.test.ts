import { expect, test } from 'vitest';
import { openYoutubeCaptions } from '../../../server/cli/send/youtube-captions.js';
import { CaptionReceiver } from '../../support/caption-receiver.js';

const signal = new AbortController().signal;
const times = { answer: 300, first: 10, giveUp: 5000 };

test('each caption is posted with its time and the next number', async () => {
  const youtube = await CaptionReceiver.start();
  const captions = openYoutubeCaptions(youtube.address, times);
  const before = Date.now();
  await captions.show(['A red kite appears at the', 'top & drifts <i>left</i>.'], signal);
  await captions.show([], signal);
  await captions.show(['Two boats.'], signal);
  expect(youtube.posts.map(({ path }) => path)).toEqual([
    'POST /closedcaption?cid=secret-key&seq=1',
    'POST /closedcaption?cid=secret-key&seq=2',
  ]);
  const { type, body = '' } = youtube.posts[0] ?? {};
  expect(type).toBe('text/plain; charset=utf-8');
  const [time = '', text, ...rest] = body.split('\n');
  expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/);
  expect(Date.parse(`${time}Z`)).toBeGreaterThanOrEqual(before);
  expect([text, ...rest]).toEqual(['A red kite appears at the<br>top & drifts ‹i›left‹/i›.', '']);
});

test('a post that fails is repeated under its number, with the time of its words', async () => {
  const youtube = await CaptionReceiver.start();
  youtube.outcomes.push(500, 'silence', 'break', 503, 429);
  const captions = openYoutubeCaptions(youtube.address, times);
  await captions.show(['One.'], signal);
  await captions.show(['Two.'], signal);
  expect(youtube.seqs).toEqual(['1', '1', '1', '1', '1', '1', '2']);
  expect(new Set(youtube.posts.map(({ body }) => body)).size).toBe(2);
});

test('what cannot pass is not repeated; the next caption goes on', async () => {
  const youtube = await CaptionReceiver.start();
  youtube.outcomes.push(403);
  const captions = openYoutubeCaptions(youtube.address, times);
  const refused = captions.show(['One.'], signal);
  await expect(refused).rejects.toThrow(/status 403: check that the stream is live/);
  await expect(refused).rejects.not.toThrow(/secret-key/);
  await captions.show(['Two.'], signal);
  expect(youtube.seqs).toEqual(['1', '2']);
});

test('a caption that has grown old is given up', async () => {
  const youtube = await CaptionReceiver.start();
  youtube.outcomes.push(500, 500, 500, 500, 500);
  const captions = openYoutubeCaptions(youtube.address, { answer: 1000, first: 30, giveUp: 100 });
  await expect(captions.show(['One.'], signal)).rejects.toThrow(/status 500/);
  expect(youtube.seqs.length).toBeLessThan(5);
  youtube.outcomes.length = 0;
  await captions.show(['Two.'], signal);
  expect(youtube.seqs.at(-1)).toBe('2');
});

test('is left at once when the command ends', async () => {
  const youtube = await CaptionReceiver.start();
  youtube.outcomes.push('silence');
  const captions = openYoutubeCaptions(youtube.address, { ...times, answer: 600_000 });
  const leaving = new AbortController();
  const left = captions.show(['One.'], leaving.signal);
  await expect.poll(() => youtube.posts.length).toBe(1);
  leaving.abort();
  await expect(left).rejects.toThrow(/abort/i);
});

test.each(['', 'secret-key', 'ftp://secret-key'])('%j is no address, and is not repeated', (address) => {
  expect(() => openYoutubeCaptions(address)).toThrow(/copy it from YouTube Studio/);
  expect(() => openYoutubeCaptions(address)).not.toThrow(/secret-key/);
});
