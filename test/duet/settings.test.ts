import { expect, test } from 'vitest';
import { sessionSettings } from '../../server/duet/settings.js';
import { ScriptedModel } from '../../server/runtime/scripted/scripted-model.js';
import type { ModelCapabilities } from '../../server/runtime/capabilities.js';
import { eventsOf, openSession } from '../support/duet-session.js';
import { fakeFrames, FakeStream } from '../support/fake-stream.js';

const modelWith = (capabilities: Partial<ModelCapabilities>) => new ScriptedModel({ capabilities });

test('a session begins with what its model recommends, overridden by what is asked for', () => {
  const { capabilities } = modelWith({ systemPrompt: 'You look.', promptLayouts: ['reference', 'trained'] });
  expect(sessionSettings(capabilities)).toMatchObject({
    ...{ fps: 2, heads: ['informative'], assistantTurns: 'remove' },
    ...{ systemPrompt: 'You look.', promptLayout: 'reference' },
  });
  const asked = { fps: 5, promptLayout: 'trained', systemPrompt: 'You listen.' } as const;
  expect(sessionSettings(capabilities, 'default', asked)).toMatchObject(asked);
});

test('a model without a prompt of its own gets a general one', () => {
  const { capabilities } = modelWith({ systemPrompt: null, promptLayouts: [] });
  expect(sessionSettings(capabilities)).toMatchObject({
    systemPrompt: expect.stringContaining('A multimodal AI assistant') as string,
    promptLayout: 'trained',
  });
});

test('an unknown task is refused, naming those the model has', () => {
  expect(() => sessionSettings(modelWith({}).capabilities, 'cooking')).toThrow(
    'Model scripted has no task "cooking"; it knows: default.',
  );
});

test.each([
  [['informative'], 'it gives informative'],
  [[], 'leave heads out, since it gives none'],
] as const)('of a model that gives the scores %j no other head can be asked', async (scores, remedy) => {
  const model = modelWith({ scores });
  const message = `heads names relevance, a score that model scripted does not give: ${remedy}`;
  expect(() => sessionSettings(model.capabilities, 'default', { heads: ['relevance'] })).toThrow(message);
  const session = await openSession(model);
  expect(() => {
    session.update({ heads: ['relevance'] });
  }).toThrow(message);
  expect(session.settings.heads).toEqual(['informative']);
  expect(eventsOf(session, 'session.updated')).toEqual([]);
  await session.watch(new FakeStream(fakeFrames([0])), { source: 't', samplingFps: 2, realtime: false });
  expect(eventsOf(session, 'frame.scored')).toHaveLength(1);
});
