import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OnnxReader } from '../../../server/runtime/onnx/reader/onnx-reader.js';
import { ReaderThread } from '../../../server/runtime/worker/reader-thread.js';
import type { Picture } from '../../../server/video/frame.js';
import { emptyPicture, signPicture } from '../../support/sign-picture.js';

describe('PP-OCRv4', () => {
  let reader: OnnxReader;
  beforeAll(async () => {
    reader = await OnnxReader.load({ threads: 1 });
  });
  afterAll(() => reader[Symbol.asyncDispose]());

  test('reads each line with its place', async () => {
    const lines = await reader.read(await signPicture(), []);
    expect(lines.map(({ text }) => text)).toEqual(['STOP', 'Gate 42']);
    for (const { confidence } of lines) expect(confidence).toBeGreaterThan(0.9);
    // The words begin at (62, 83) and (402, 239) of 640 x 360, as they were drawn.
    expect(lines[0]?.box.x1).toBeCloseTo(62 / 640, 1);
    expect(lines[0]?.box.y1).toBeCloseTo(83 / 360, 1);
    expect(lines[1]?.box.x1).toBeCloseTo(402 / 640, 1);
    expect(lines[1]?.box.y2).toBeCloseTo(272 / 360, 1);
  });

  test('reads a turned line', async () => {
    const lines = await reader.read(await signPicture(14), []);
    expect(lines.map(({ text }) => text)).toContain('STOP');
  });

  test('finds nothing where nothing is written', async () => {
    expect(await reader.read(emptyPicture, [])).toEqual([]);
  });

  test('does not read again what looks as before, and does read what has changed', async () => {
    const picture = await signPicture();
    const known = (await reader.read(picture, [])).map((line) => ({ ...line, text: 'as known' }));
    expect((await reader.read(noisy(picture), known)).map(({ text }) => text)).toEqual([
      'as known',
      'as known',
    ]);
    const painted = paintOver(picture, { x: 130, y: 80, width: 50, height: 60 });
    const texts = (await reader.read(painted, known)).map(({ text }) => text);
    expect(texts).toContain('as known');
    expect(texts.filter((text) => text === 'as known')).toHaveLength(1);
  });

  test.each([
    [1, 1],
    [3, 900],
    [900, 3],
    [33, 31],
  ])('takes a picture of %i x %i', async (width, height) => {
    const rgb = new Uint8Array(width * height * 3).fill(99);
    expect(await reader.read({ width, height, rgb }, [])).toEqual([]);
  });
});

describe('a reader on its own thread', () => {
  test('reads for several, those who wait first, and ends', async () => {
    const reader = new ReaderThread({ threads: 1 });
    const { signal } = new AbortController();
    const order: string[] = [];
    const read = async (urgency: 'now' | 'spare', name: string) => {
      const lines = await reader.read({ picture: () => signPicture(), known: [], urgency }, signal);
      order.push(name);
      return lines?.map(({ text }) => text);
    };
    const reads = [read('spare', 'first'), read('spare', 'second'), read('now', 'urgent')];
    expect(await Promise.all(reads)).toEqual(reads.map(() => ['STOP', 'Gate 42']));
    expect(order).toEqual(['first', 'urgent', 'second']);
    const late = reader.read(
      { picture: () => Promise.resolve(emptyPicture), known: [], urgency: 'spare' },
      signal,
    );
    await Promise.all([
      expect(late).rejects.toMatchObject({ code: 'model_failed' }),
      reader[Symbol.asyncDispose](),
    ]);
  });

  test('reads nothing where no picture is given, and gives up when it is asked to', async () => {
    await using reader = new ReaderThread({ threads: 1 });
    const none = { picture: () => Promise.resolve(null), known: [], urgency: 'now' } as const;
    expect(await reader.read(none, new AbortController().signal)).toBeNull();
    const abort = new AbortController();
    const never = { ...none, picture: () => new Promise<Picture | null>(() => undefined) };
    const waiting = [reader.read(never, abort.signal), reader.read(none, abort.signal)];
    abort.abort();
    for (const each of waiting) await expect(each).rejects.toMatchObject({ code: 'cancelled' });
  });
});

/** The picture with a camera's noise: each value off by up to 3. */
function noisy({ rgb, ...size }: Picture): Picture {
  return {
    ...size,
    rgb: rgb.map((value, index) => Math.min(255, Math.max(0, value + ((index * 7919) % 7) - 3))),
  };
}

function paintOver(
  { rgb, ...size }: Picture,
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
): Picture {
  const painted = new Uint8Array(rgb);
  for (let row = y; row < y + height; row += 1) {
    painted.fill(200, (row * size.width + x) * 3, (row * size.width + x + width) * 3);
  }
  return { ...size, rgb: painted };
}
