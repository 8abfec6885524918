import { describe, expect, test } from 'vitest';
import { openMemory } from '../../../server/duet/memory/open-memory.js';
import { sessionSettings } from '../../../server/duet/settings.js';
import type { DuetSession } from '../../../server/duet/session.js';
import type { VideoFrame } from '../../../server/video/frame.js';
import type { Script } from '../../../server/runtime/scripted/script.js';
import { plainPicture, type ScriptedModel } from '../../../server/runtime/scripted/scripted-model.js';
import { eventsOf, modelByBrightness, openSession, tokensUpTo } from '../../support/duet-session.js';
import { fakeFrames, FakeStream } from '../../support/fake-stream.js';

const label = { source: 'test', samplingFps: 2, realtime: false };
const never = new AbortController().signal;

/** A text of so many words, each a token of the scripted model, all of them the same letter. */
const words = (count: number, letter = 'w') => Array.from({ length: count }, () => letter).join(' ');

function small(maxContext: number, script: Script = {}): ScriptedModel {
  return modelByBrightness({ ...script, capabilities: { capacity: tokensUpTo(maxContext) } });
}

interface Renewal {
  readonly forgottenTokens: number;
  readonly keptTexts: number;
}

async function open(model: ScriptedModel, renewals: Renewal[] = [], systemPrompt = 'You watch.') {
  const settings = sessionSettings(model.capabilities, 'default', {
    systemPrompt,
    maxReplyTokens: 50,
    memory: 'renewed',
  });
  return openMemory({
    model,
    settings: () => settings,
    onForgotten: (forgotten) => forgotten.type === 'renewed' && renewals.push(forgotten),
  });
}

test('a new context takes over from the newest frame of the one before', async () => {
  const model = small(1000);
  const context = await open(model);
  let newest;
  while (model.contexts.length < 2) {
    const before = newest;
    [newest] = await context.appendFrames([plainPicture(1)], never);
    if (model.contexts.length === 2) expect(model.contexts[1]?.options.follows).toEqual(before?.mark);
  }
  expect(model.contexts[0]?.options.follows).toBeUndefined();
});

describe('the share of a text in a context of 1000 tokens', () => {
  test.each([
    ['a text of half the context less prompt and markup fits', 434, true],
    ['one word more does not', 435, false],
    ['nor does a text longer than the whole context', 5_000, false],
  ])('%s', async (_, count, fits) => {
    const context = await open(small(1000));
    const asked = context.requireFits(words(count));
    if (fits) await asked;
    else {
      await expect(asked).rejects.toMatchObject({
        code: 'context_full',
        message: expect.stringMatching(
          new RegExp(`has ${count} tokens.*at most 434.*context of 1000.*shorten`),
        ) as string,
      });
    }
  });

  test('a refused text is not appended, and the context continues', async () => {
    const model = small(1000);
    const context = await open(model);
    await expect(context.appendUserText(words(800), never)).rejects.toMatchObject({ code: 'context_full' });
    await context.appendUserText('hello', never);
    expect(await context.appendFrames([plainPicture(1)], never)).toHaveLength(1);
    expect(model.contexts[0]?.entries.map(({ type }) => type)).toEqual(['system', 'user', 'frame']);
  });

  test('a system prompt of more than a quarter is refused before a context is opened', async () => {
    const model = small(1000);
    await expect(open(model, [], words(251))).rejects.toMatchObject({
      code: 'context_full',
      message: expect.stringMatching(
        /system prompt has 251 tokens.*at most 250 are possible.*shorten/,
      ) as string,
    });
    expect(model.contexts).toEqual([]);
    await open(model, [], words(250));
  });

  test('a short text is not counted, so it does not wait for the model', async () => {
    const model = small(100_000);
    model.measure = () => Promise.reject(new Error('counted'));
    const settings = sessionSettings(model.capabilities, 'default', { memory: 'renewed' });
    await expect(
      openMemory({ model, settings: () => settings, onForgotten: () => undefined }),
    ).rejects.toThrow('counted');
    const counting = small(100_000);
    const context = await open(counting);
    counting.measure = () => Promise.reject(new Error('counted'));
    await context.requireFits(words(5_000));
    await context.appendUserText(words(5_000), never);
  });
});

describe('a context always makes progress', () => {
  test('after the largest text many frames go by until the next renewal', async () => {
    const renewals: Renewal[] = [];
    const context = await open(small(1000), renewals);
    await context.appendUserText(words(434), never);
    for (let frame = 0; frame < 400; frame++) await context.appendFrames([plainPicture(1)], never);
    // 1000 tokens less the text, the prompt, a reply and markup make room for over 80 frames of 4 tokens.
    expect(renewals.length).toBeGreaterThan(1);
    expect(renewals.length).toBeLessThanOrEqual(400 / 80);
    expect(renewals.every(({ keptTexts }) => keptTexts === 1)).toBe(true);
  });

  test('texts that each fit renew at most once each, and the newest are kept', async () => {
    const renewals: Renewal[] = [];
    const model = small(1000);
    const context = await open(model, renewals);
    for (const letter of 'abcdefghij') await context.appendUserText(words(300, letter), never);
    await context.appendFrames([plainPicture(1)], never);
    expect(renewals.length).toBeLessThanOrEqual(10);
    const entries = model.contexts.at(-1)?.entries ?? [];
    const texts = entries.flatMap((entry) => (entry.type === 'user' ? [entry.text[0]] : []));
    expect(texts.at(-1)).toBe('j');
    expect(model.contexts.filter(({ closed }) => !closed)).toHaveLength(1);
  });

  test('a new context repeats only what leaves room for the new text', async () => {
    const model = small(1000);
    const context = await open(model);
    for (const letter of 'abc') await context.appendUserText(words(100, letter), never);
    for (let frame = 0; frame < 130; frame++) await context.appendFrames([plainPicture(1)], never);
    await context.appendUserText(words(370, 'x'), never);
    const sizes = model.contexts.map((each) => each.size);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1000);
    await context.appendFrames([plainPicture(1)], never);
  });

  test('an aborted renewal is repeated, and no standing text is lost', async () => {
    const abort = new AbortController();
    const holder = { armed: false };
    const model = small(1000, {
      before: (call) => {
        if (holder.armed && call.type === 'user') abort.abort();
      },
    });
    const renewals: Renewal[] = [];
    const context = await open(model, renewals);
    await context.appendUserText('what is this?', never);
    holder.armed = true;
    const flood = async () => {
      for (let frame = 0; frame < 300; frame++) await context.appendFrames([plainPicture(1)], abort.signal);
    };
    await expect(flood()).rejects.toMatchObject({ code: 'cancelled' });
    holder.armed = false;
    await context.appendFrames([plainPicture(1)], never);
    expect(renewals).toMatchObject([{ keptTexts: 1 }]);
    expect(renewals[0]?.forgottenTokens).toBeGreaterThan(500);
    const entries = model.contexts.at(-1)?.entries ?? [];
    expect(entries.map(({ type }) => type)).toEqual(['system', 'user', 'frame']);
  });
});

describe('a standing text', () => {
  const newest = ['e', 'f', 'g', 'h', 'i', 'j', 'k', 'l'];
  const told = (model: ScriptedModel) =>
    (model.contexts.at(-1)?.entries ?? []).flatMap((entry) => (entry.type === 'user' ? [entry.text] : []));
  const fill = async (context: Awaited<ReturnType<typeof open>>) => {
    for (let frame = 0; frame < 250; frame++) await context.appendFrames([plainPicture(1)], never);
  };

  test('is repeated however many others came after it, until it is forgotten', async () => {
    const renewals: Renewal[] = [];
    const model = small(1000);
    const context = await open(model, renewals);
    await context.appendUserText('stand', never, { id: 'q1', stands: true });
    for (const letter of 'abcdefghijkl') await context.appendUserText(letter, never);
    await fill(context);
    expect(renewals).toHaveLength(1);
    expect(told(model)).toEqual(['stand', ...newest]);
    expect([await context.forget('q1', never), await context.forget('q1', never)]).toEqual([true, false]);
    await fill(context);
    expect(told(model)).toEqual(newest);
  });

  test('that does not fit beside the others is refused with the figures, and fits once one is gone', async () => {
    const context = await open(small(1000));
    await context.appendUserText(words(300), never, { id: 'q1', stands: true });
    await expect(context.requireFits(words(200))).rejects.toMatchObject({
      code: 'context_full',
      message: expect.stringMatching(
        /has 200 tokens.*at most 129.*305 of standing.*remove a question/,
      ) as string,
    });
    await expect(context.appendUserText(words(500), never, { id: 'q2', stands: true })).rejects.toMatchObject(
      {
        code: 'context_full',
      },
    );
    await context.forget('q1', never);
    await context.appendUserText(words(200), never, { id: 'q2', stands: true });
  });
});

describe('a model of other capabilities', () => {
  test('is never renewed if it has no capacity, and takes texts of any length', async () => {
    const renewals: Renewal[] = [];
    const model = modelByBrightness({ capabilities: { capacity: null } });
    const context = await open(model, renewals);
    await context.appendUserText(words(100_000), never);
    for (let call = 0; call < 10; call++) {
      await context.appendFrames(
        Array.from({ length: 100 }, () => plainPicture(1)),
        never,
      );
    }
    expect([renewals, model.contexts.length, context.framesPerCall]).toEqual([[], 1, Infinity]);
  });

  test('is given frames one by one if it cannot be cut back', async () => {
    const model = modelByBrightness({ capabilities: { cutBack: false } });
    const session = await openSession(model);
    const stream = new FakeStream(fakeFrames([0, 90, 0, 90, 0, 0]));
    await session.watch(stream, { ...label, wholeBatches: true });
    expect(eventsOf(session, 'response.done')).toHaveLength(2);
    expect(model.heard.flatMap((call) => (call.type === 'frames' ? [call.pictures.length] : []))).toEqual(
      Array.from({ length: 6 }, () => 1),
    );
    expect(model.heard.map(({ type }) => type)).not.toContain('cut');
  });

  test('has texts measured in its own unit if no bound is known', async () => {
    const capacity = { ...tokensUpTo(1000), unit: 'syllables', textByte: null };
    const context = await open(modelByBrightness({ capabilities: { capacity } }));
    await expect(context.requireFits(words(435))).rejects.toThrow(
      /has 435 syllables.*at most 434 here.*context of 1000/,
    );
  });
});

describe('a session', () => {
  test('reads a long text, several of them, and plays its source to the end', async () => {
    const session = await openSession(small(1000), { maxReplyTokens: 50, memory: 'renewed' });
    for (const letter of 'abcde') {
      const text = words(434, letter);
      await session.requireFits(text);
      session.addUserText(text);
    }
    await session.watch(new FakeStream(fakeFrames(Array.from({ length: 60 }, () => 0))), label);
    expect(eventsOf(session, 'source.ended')).toMatchObject([{ frames: 60, reason: 'finished' }]);
    expect(eventsOf(session, 'user.text.inserted')).toHaveLength(5);
    expect(eventsOf(session, 'session.context.renewed').length).toBeLessThanOrEqual(5);
  });

  test('takes no more frames in one call than a quarter of the context holds', async () => {
    const model = small(200);
    const session = await openSession(model, { batchLimit: 32, maxReplyTokens: 100, memory: 'renewed' });
    const viewing = { ...label, wholeBatches: true };
    await session.watch(new FakeStream(fakeFrames(Array.from({ length: 64 }, () => 0))), viewing);
    expect(eventsOf(session, 'frame.scored')).toHaveLength(64);
    const calls = model.heard.flatMap((call) => (call.type === 'frames' ? [call.pictures.length] : []));
    expect(Math.max(...calls)).toBeLessThanOrEqual(12);
  });

  test('a text that is being read when its source is stopped is read by the next one', async () => {
    const holder: { session?: DuetSession } = {};
    const stops = { first: true };
    const model = modelByBrightness({
      before: (call) => {
        if (call.type !== 'user' || !stops.first) return;
        stops.first = false;
        void holder.session?.stopSource();
      },
    });
    const session = (holder.session = await openSession(model));
    session.addUserText('what?');
    await session.watch(new FakeStream(endless(), { live: true }), label);
    expect(eventsOf(session, 'user.text.inserted')).toEqual([]);
    expect(session.waitingTexts).toBe(1);
    await session.watch(new FakeStream(fakeFrames([0])), label);
    expect(eventsOf(session, 'user.text.inserted')).toMatchObject([{ text: 'what?' }]);
  });
});

async function* endless(): AsyncGenerator<VideoFrame> {
  for (let index = 0; ; index += 1) {
    yield* fakeFrames([0]).map((frame) => ({ ...frame, index, videoTime: index / 2 }));
    await new Promise((resolve) => setImmediate(resolve));
  }
}
