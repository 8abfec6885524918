import { setImmediate } from 'node:timers/promises';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { EventLog } from '../../server/duet/record/event-log.js';
import { SeenPictures } from '../../server/duet/watching/seen-pictures.js';
import { messagesOf } from '../../server/webhook/messages-of.js';
import { modelByBrightness } from '../support/duet-session.js';

test('a larger picture that is gone when a long reply is done is told all the same', async () => {
  const log = new EventLog({ now: () => 0 });
  const pictures = new SeenPictures();
  const session = { id: 'a', log, pictures, questions: [], model: modelByBrightness() };
  const picture = { width: 1, height: 1, rgb: new Uint8Array(3) };
  let larger: typeof picture | null = { width: 320, height: 180, rgb: new Uint8Array(320 * 180 * 3) };
  const detail = (): Promise<typeof larger> => Promise.resolve(larger);
  pictures.show({ index: 0, videoTime: 0, picture, detail }, { width: 320, height: 180 });
  const reply = { responseId: 'r', questionId: null };
  log.append({ type: 'response.started', frameIndex: 0, ...reply }, 0);
  const next = messagesOf(session, 0, new AbortController().signal).next();
  await setImmediate();
  larger = null;
  pictures.show({ index: 1, videoTime: 9, picture }, { width: 320, height: 180 });
  const timing = { firedMs: 0, firstTokenMs: null, finishedMs: 0 };
  const ending = {
    status: 'completed',
    finish: 'end',
    text: 'A dog.',
    tokens: 3,
    kept: true,
    timing,
  } as const;
  log.append({ type: 'response.done', ...reply, ...ending }, 0);
  const told = await next;
  const body = JSON.parse(told.done === true ? '' : told.value.message.body) as {
    data: { picture: { base64: string } };
  };
  const jpeg = Buffer.from(body.data.picture.base64, 'base64');
  expect((await sharp(jpeg).metadata()).width).toBe(320);
  expect(body.data.picture).toMatchObject({ media_type: 'image/jpeg', video_time: 0 });
});
