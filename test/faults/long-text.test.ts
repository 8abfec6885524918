import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DuetSession } from '../../server/duet/session.js';
import { sessionSettings } from '../../server/duet/settings.js';
import { defaultPrompt, pictureShapeFor } from '../../server/runtime/capabilities.js';
import { loadModel } from '../../server/runtime/load-model.js';
import type { DuetContext, DuetModel } from '../../server/runtime/model.js';
import type { Picture, VideoFrame } from '../../server/video/frame.js';
import { eventsOf } from '../support/duet-session.js';
import { FakeStream } from '../support/fake-stream.js';

// The longest texts that the protocol takes, on the bundled model: what becomes of them, and what they do to
// a neighbour on the same worker. DUET_LONG=1 reads without a bound on tokens what the session would refuse,
// and prints the neighbour's figures for it too.

const mostBytes = 16 * 1024;
const texts: readonly (readonly [string, string])[] = [
  ['English', 'the cat sat on a mat and looked at the sky. '.repeat(400).slice(0, mostBytes)],
  ['one letter', 'a'.repeat(mostBytes)],
  ['spaces', ' '.repeat(mostBytes)],
  ['characters that become three when composed', '\u{1D160}'.repeat(mostBytes / 4)],
  [
    'noise',
    Array.from({ length: mostBytes }, (_, at) => String.fromCharCode(33 + ((at * 7919) % 90))).join(''),
  ],
];

let model: DuetModel;

beforeAll(async () => {
  const folder = fileURLToPath(new URL('../../models/duet-nano', import.meta.url));
  model = await loadModel(folder, { workers: 1, verification: 'sizes' });
});

afterAll(() => model[Symbol.asyncDispose]());

function contextSize(): number {
  return model.capabilities.capacity?.total ?? Infinity;
}

function picture(value: number): Picture {
  const side = pictureShapeFor(model.capabilities).side;
  return { width: side, height: side, rgb: new Uint8Array(side * side * 3).fill(value) };
}

function frames(count: number): VideoFrame[] {
  return Array.from({ length: count }, (_, index) => ({
    index,
    videoTime: index / 2,
    picture: picture(index % 256),
  }));
}

test.each(texts)(
  '%s of 16 KiB is read or refused with the figures, and the source plays on',
  async (_kind, text) => {
    const settings = sessionSettings(model.capabilities);
    await using session = await DuetSession.open({ id: 'long', model, settings, now: () => 0 });
    const tokens = await model.measure(text);
    const half = contextSize() / 2;
    if (tokens > half) {
      await expect(session.requireFits(text)).rejects.toMatchObject({
        code: 'context_full',
        message: expect.stringMatching(new RegExp(`has ${tokens} tokens.*at most \\d+.*shorten`)) as string,
      });
    } else {
      await session.requireFits(text);
      session.addUserText(text);
    }
    await session.watch(new FakeStream(frames(40)), { source: 'test', samplingFps: 2, realtime: false });
    expect(eventsOf(session, 'source.ended')).toMatchObject([{ frames: 40, reason: 'finished' }]);
    expect(eventsOf(session, 'session.context.renewed')).toEqual([]);
  },
);

test('a neighbour on the same worker has its frames scored between the slices of a long text', async () => {
  const long = process.env['DUET_LONG'] !== undefined;
  const read = long ? texts : texts.slice(0, 1).map(([kind, text]) => [kind, text.slice(0, 4096)] as const);
  const idle = await latencies(() => Promise.resolve());
  console.info(`a neighbour's frame in milliseconds, idle: ${figures(idle)}`);
  for (const [kind, text] of read) {
    if ((await model.measure(text)) > contextSize() - 200) continue;
    const reading = await latencies((context) => context.appendUserText(text));
    console.info(`while ${text.length} characters of ${kind} are read: ${figures(reading)}`);
    // A slice has at most 64 tokens, and at least one frame passes between two of them.
    expect(reading.length).toBeGreaterThanOrEqual((await model.measure(text)) / 64);
  }
});

/** Milliseconds that each frame of one context took while another did `work`, and 40 frames at least. */
async function latencies(work: (context: DuetContext) => Promise<unknown>): Promise<number[]> {
  const prompt = defaultPrompt(model.capabilities);
  await using worker = await model.openContext(prompt);
  await using neighbour = await model.openContext(prompt);
  const state = { over: false };
  const working = work(worker).finally(() => {
    state.over = true;
  });
  const taken: number[] = [];
  while (!state.over || taken.length < 40) {
    const begun = performance.now();
    await neighbour.appendFrames([picture(taken.length % 256)]);
    if (!state.over || taken.length < 40) taken.push(performance.now() - begun);
  }
  await working;
  return taken;
}

function figures(taken: readonly number[]): string {
  const sorted = taken.toSorted((one, other) => one - other);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
  return `p50 ${at(0.5)}, p99 ${at(0.99)} (${taken.length} frames)`;
}
