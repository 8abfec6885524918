import { describe, expect, test } from 'vitest';
import type { EvictedMemory } from '../../../server/duet/memory/memory.js';
import { openMemory } from '../../../server/duet/memory/open-memory.js';
import { sessionSettings } from '../../../server/duet/settings.js';
import type { ReplyPart } from '../../../server/runtime/model.js';
import type { Script } from '../../../server/runtime/scripted/script.js';
import { plainPicture, type ScriptedModel } from '../../../server/runtime/scripted/scripted-model.js';
import type { SessionSettings } from '../../../server/settings/session-settings.js';
import { eventsOf, modelByBrightness, openSession, tokensUpTo } from '../../support/duet-session.js';
import { fakeFrames, FakeStream } from '../../support/fake-stream.js';

const label = { source: 'test', samplingFps: 2, realtime: false };
const never = new AbortController().signal;

const words = (count: number, letter = 'w') => Array.from({ length: count }, () => letter).join(' ');

function small(maxContext: number, script: Script = {}): ScriptedModel {
  return modelByBrightness({ ...script, capabilities: { capacity: tokensUpTo(maxContext) } });
}

async function open(
  model: ScriptedModel,
  overrides: Partial<SessionSettings> = {},
  reports: EvictedMemory[] = [],
) {
  const settings = sessionSettings(model.capabilities, 'default', {
    ...{ maxReplyTokens: 50, window: 8, textWindow: 40, sink: 200 },
    ...overrides,
  });
  return openMemory({
    model,
    settings: () => settings,
    onForgotten: (forgotten) => forgotten.type === 'evicted' && reports.push(forgotten),
  });
}

type Memory = Awaited<ReturnType<typeof open>>;

async function show(memory: Memory, count: number): Promise<void> {
  for (let frame = 0; frame < count; frame++) await memory.appendFrames([plainPicture(frame % 100)], never);
}

async function reply(memory: Memory, text: readonly ReplyPart[] = []): Promise<readonly ReplyPart[]> {
  const parts = [...text];
  const options = { maxTokens: 50, repetitionPenalty: 1, afterwards: 'keep' } as const;
  for await (const part of memory.generateReply(options)) parts.push(part);
  return parts;
}

/** What the context holds, in order; frames as numbers. */
function held(model: ScriptedModel): (string | number)[] {
  return (model.contexts[0]?.entries ?? []).map((entry) =>
    entry.type === 'frame' ? (entry.picture.rgb[0] ?? -1) : `${entry.type}: ${entry.text.slice(0, 9)}`,
  );
}

describe('the window of frames', () => {
  test('keeps the newest, and forgets an eighth of it at a time', async () => {
    const model = small(4000);
    const memory = await open(model);
    await show(memory, 18);
    expect(memory.held).toMatchObject({ frames: 18 });
    expect(model.heard.some(({ type }) => type === 'evict')).toBe(false);
    await show(memory, 1);
    expect(memory.held.frames).toBe(17);
    for (let round = 0; round < 50; round++) {
      await show(memory, 1);
      expect(memory.held.frames).toBeGreaterThanOrEqual(16);
      expect(memory.held.frames).toBeLessThanOrEqual(18);
    }
    expect(model.contexts).toHaveLength(1);
  });

  test('holds the same frames however they are divided into calls', async () => {
    const contents = await Promise.all(
      [1, 2, 3, 64].map(async (most) => {
        const model = small(4000);
        const memory = await open(model);
        let shown = 0;
        while (shown < 100) {
          const count = Math.min(most, memory.framesPerCall, 100 - shown);
          const pictures = Array.from({ length: count }, (_, index) => plainPicture(shown + index));
          await memory.appendFrames(pictures, never);
          shown += count;
        }
        return held(model);
      }),
    );
    expect(contents.map((content) => content.join())).toEqual(contents.map(() => contents[0]?.join()));
  });

  test('is as large as the context allows where that is less', async () => {
    const model = small(300);
    const memory = await open(model, { window: 10_000, sink: 100 });
    await memory.appendUserText(words(50), never);
    for (let round = 0; round < 300; round++) {
      await show(memory, 1);
      expect(model.contexts[0]?.size ?? 0).toBeLessThanOrEqual(300 - 50);
    }
    expect(memory.held.frames).toBeGreaterThan(20);
    expect(model.contexts).toHaveLength(1);
  });

  test('is nothing to a context that is cut back: what lay behind is gone, the rest counts on', async () => {
    const model = small(4000);
    const memory = await open(model);
    const scored = await memory.appendFrames(
      [1, 2, 3, 4].map((value) => plainPicture(value)),
      never,
    );
    await memory.cutBackTo(scored[1]?.mark ?? { place: null });
    expect(memory.held.frames).toBe(2);
    await show(memory, 17);
    expect(held(model).slice(0, 3)).toEqual(['system: You watch', 0, 1]);
  });
});

describe('texts', () => {
  test('that stand are kept whatever comes after, until they are forgotten', async () => {
    const model = small(4000);
    const memory = await open(model);
    await memory.appendUserText(words(30, 's'), never, { id: 'q1', stands: true });
    for (const letter of 'abcdefghijkl'.split('')) {
      await memory.appendUserText(words(30, letter), never);
      await show(memory, 10);
    }
    const texts = held(model).filter((entry) => typeof entry === 'string');
    expect(texts.slice(0, 2)).toEqual(['system: You watch', 'user: s s s s s']);
    expect(texts.at(-1)).toBe('user: l l l l l');
    // 200 of the sink less 7 of the prompt hold 5 texts of 35; 40 of the text window one more.
    expect(texts).toHaveLength(1 + 5 + 1);
    expect([await memory.forget('q1', never), await memory.forget('q1', never)]).toEqual([true, false]);
    expect(held(model)).not.toContain('user: s s s s s');
  });

  test('that stand and do not fit beside each other are refused, and the session goes on', async () => {
    const model = small(4000);
    const memory = await open(model);
    await memory.appendUserText(words(100), never, { id: 'q1', stands: true });
    await expect(memory.requireFits(words(100))).rejects.toMatchObject({
      code: 'context_full',
      message: expect.stringMatching(/has 100 tokens.*200 of the sink.*105 of standing.*remove a/) as string,
    });
    await expect(memory.appendUserText(words(1200), never, { id: 'q2', stands: true })).rejects.toMatchObject(
      {
        code: 'context_full',
      },
    );
    await show(memory, 40);
    await memory.forget('q1', never);
    await memory.requireFits(words(100));
    await memory.appendUserText(words(100), never, { id: 'q2', stands: true });
    expect(held(model)).toContain('user: w w w w w');
  });

  test('that were accepted at the same time all go in', async () => {
    const memory = await open(small(4000));
    const texts = ['q1', 'q2', 'q3'].map((id) => [words(100), id] as const);
    for (const [text] of texts) await memory.requireFits(text);
    for (const [text, id] of texts) await memory.appendUserText(text, never, { id, stands: true });
    await show(memory, 40);
    expect(memory.held).toMatchObject({ texts: 3 });
    await expect(memory.requireFits('one more')).rejects.toMatchObject({ code: 'context_full' });
  });

  test('a question asked once is there after a day, while kept replies come and go', async () => {
    const model = small(4000);
    const memory = await open(model);
    await memory.appendUserText('what happens?', never);
    for (let round = 0; round < 200; round++) {
      await show(memory, 5);
      await reply(memory);
    }
    const entries = held(model);
    expect(entries[1]).toBe('user: what happ');
    const replies = entries.filter((entry) => String(entry).startsWith('assistant'));
    // A reply takes 6, so 40 of the text window and an eighth hold 7, beside the one just said.
    expect(replies.length).toBeGreaterThanOrEqual(6);
    expect(replies.length).toBeLessThanOrEqual(8);
    expect(replies.at(-1)).toBe('assistant: reply 199');
    expect(memory.held.texts).toBe(replies.length + 1);
  });

  test('make room in a small context: frames go first, then the oldest of them', async () => {
    const model = small(400);
    const memory = await open(model, { sink: 200, textWindow: 100, window: 1000, maxReplyTokens: 20 });
    for (const letter of 'abcdefgh'.split('')) {
      await show(memory, 30);
      await memory.appendUserText(words(90, letter), never);
      expect(model.contexts[0]?.size ?? 0).toBeLessThanOrEqual(400);
    }
    await show(memory, 30);
    expect(held(model)).toContain('user: h h h h h');
    expect(memory.held.frames).toBeGreaterThan(0);
  });
});

describe('reports', () => {
  test('come with the first eviction and then once for each window that has gone', async () => {
    const reports: EvictedMemory[] = [];
    const memory = await open(small(4000), {}, reports);
    await show(memory, 18);
    expect(reports).toEqual([]);
    await show(memory, 160);
    expect(reports.length).toBeGreaterThan(8);
    expect(reports.length).toBeLessThanOrEqual(11);
    expect(reports[0]).toMatchObject({
      forgottenFrames: 2,
      forgottenTokens: 8,
      heldFrames: 16,
      heldTexts: 0,
    });
    expect(reports[1]).toMatchObject({ forgottenFrames: 16, forgottenTexts: 0 });
  });

  test('are in the record of a session, which plays on at the same size', async () => {
    const model = small(4000);
    const session = await openSession(model, { window: 8, textWindow: 40, sink: 200 });
    session.addUserText('what happens?');
    const brightness = Array.from({ length: 400 }, (_, index) => (index % 50 === 10 ? 90 : 0));
    await session.watch(new FakeStream(fakeFrames(brightness)), { ...label, wholeBatches: true });
    expect(eventsOf(session, 'frame.scored')).toHaveLength(400);
    expect(eventsOf(session, 'response.done')).toHaveLength(8);
    expect(eventsOf(session, 'session.context.evicted').length).toBeGreaterThan(20);
    expect(eventsOf(session, 'session.context.renewed')).toEqual([]);
    expect(session.held.frames).toBeLessThanOrEqual(18);
    expect(session.held.tokens).toBe(model.contexts[0]?.size);
  });

  test('windows are refused for a model that cannot evict, and are not its default', () => {
    const model = modelByBrightness({ capabilities: { evict: false } });
    expect(sessionSettings(model.capabilities).memory).toBe('renewed');
    expect(() => sessionSettings(model.capabilities, 'default', { memory: 'windows' })).toThrow(
      /cannot forget single frames.*renewed/,
    );
  });
});
