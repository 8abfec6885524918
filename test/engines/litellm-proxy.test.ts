import { expect, onTestFinished, test, vi } from 'vitest';
import { loadRemote, openRemoteSession, playFast } from '../runtime/remote/remote-session.js';
import { writeModelFile } from '../runtime/remote/model-files.js';
import { eventsOf } from '../support/duet-session.js';
import { FakeEngine } from '../support/fake-engine.js';
import { enginePatience, startedEngine } from './started-engine.js';

/** A Python with LiteLLM's proxy; see docs/use-your-own-model.md. */
const python = process.env['DUET_LITELLM_PYTHON'] ?? '';

test.skipIf(python === '')(
  'scores and words come through the proxy of LiteLLM as they were, with keys of their own (DUET_LITELLM_PYTHON)',
  async () => {
    vi.stubEnv('DUET_TEST_PROXY_KEY', 'sk-of-the-proxy-1234');
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    await using engine = await FakeEngine.open({
      ...{ key: 'sk-of-the-engine-1234', serves: ['logprobs', 'report'] },
      probability: (statement) => (statement.includes('bus') ? 0.7 : 0.2),
    });
    const inner = `${engine.url}/v1`;
    const url = await startedEngine(python, 'litellm_server.py', {
      others: [inner],
      alive: '/health/liveliness',
    });
    const file = { url, model: 'through', keyVariable: 'DUET_TEST_PROXY_KEY' };
    const model = await loadRemote(await writeModelFile(file));
    expect(model.capabilities.remote?.decides).toBe('the probability of yes');
    await using session = await openRemoteSession(model);
    session.addUserText('Is a bus coming?');
    await playFast(session, [40, 200]);
    const scored = eventsOf(session, 'frame.scored');
    expect(scored).toHaveLength(2);
    for (const { informativeScore, relevanceScore, trust } of scored) {
      expect([informativeScore, relevanceScore, trust]).toEqual(
        [0.2, 0.7, 0.9].map((value) => expect.closeTo(value, 6) as number),
      );
    }
    expect(eventsOf(session, 'response.done')[0]).toMatchObject({ status: 'completed', text: 'A car.' });
    await session.close('done');
    expect(eventsOf(session, 'session.spent').at(-1)?.inputTokens).toBeGreaterThan(4 * 700);
    const nobody = await writeModelFile({ ...file, model: 'nobody' });
    await expect(loadRemote(nobody)).rejects.toThrow(/Invalid model name/);
  },
  enginePatience,
);
