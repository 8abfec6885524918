import { expect, test } from 'vitest';
import { eventsOf } from '../../support/duet-session.js';
import { FakeEngine } from '../../support/fake-engine.js';
import { writeModelFile } from './model-files.js';
import { loadRemote, openRemoteSession, playFast } from './remote-session.js';

const replySchema = { type: 'object', properties: { what: { type: 'string' }, urgent: { type: 'boolean' } } };

test.each([
  {
    said: ['{ "what": "A c', 'ar", "urgent": false }'],
    told: '{"what":"A car","urgent":false}',
    how: 'completed',
  },
  { said: ['```json\n{"what": "A car"}\n```'], told: '{"what":"A car"}', how: 'completed' },
  { said: ['{"what": "", "urgent": false}'], told: null, how: 'suppressed' },
  { said: ['A car, and then'], told: null, how: 'failed' },
])('a reply of $said by a schema is $how', async ({ said, told, how }) => {
  await using engine = await FakeEngine.open({ reply: () => said, probability: () => 0.9 });
  const file = { preset: 'vllm', model: 'fake', url: `${engine.url}/v1`, replySchema };
  await using session = await openRemoteSession(await loadRemote(await writeModelFile(file)));
  await playFast(session, [0]);
  const [asked] = engine.at('/v1/chat/completions');
  expect(asked?.body['response_format']).toEqual({
    type: 'json_schema',
    json_schema: { name: 'reply', schema: replySchema },
  });
  expect(eventsOf(session, 'response.suppressed')).toHaveLength(how === 'suppressed' ? 1 : 0);
  const [done] = eventsOf(session, 'response.done');
  if (how !== 'suppressed') expect(done?.status).toBe(how);
  if (told !== null) expect(done?.text).toBe(told);
  if (how === 'failed') expect(done?.error?.message).toContain('fake did not reply in JSON');
});
