import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeModelFile } from '../runtime/remote/model-files.js';
import { loadRemote, openRemoteSession, playFast } from '../runtime/remote/remote-session.js';
import { eventsOf } from '../support/duet-session.js';
import { enginePatience, startedEngine } from './started-engine.js';

/** A Python with transformers and what its server needs; see docs/use-your-own-model.md. */
const python = process.env['DUET_TRANSFORMERS_PYTHON'] ?? '';

test.skipIf(python === '')(
  'transformers serve decides by System One with pictures as assets, and replies (DUET_TRANSFORMERS_PYTHON)',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'llava-'));
    const url = await startedEngine(python, 'transformers_server.py', { others: [folder] });
    const file = { preset: 'vllm', model: folder, name: 'tiny', url, picture: { side: 112 } };
    // Its chat tells no probabilities.
    await expect(loadRemote(await writeModelFile({ ...file, decide: 'labels' }))).rejects.toThrow(
      /gives no log probabilities/,
    );
    // It sees nothing in any way, and in the one before it would read letters.
    const model = await loadRemote(await writeModelFile(file));
    expect(model.capabilities.remote?.decides).toBe('System One, with pictures as assets');
    await using session = await openRemoteSession(model, {
      ...{ policy: { type: 'threshold', threshold: 0 }, maxReplyTokens: 16 },
    });
    session.addUserText('Is a bus coming?');
    await playFast(session, [40, 200]);
    expect(eventsOf(session, 'frame.scored')).toHaveLength(2);
    expect(eventsOf(session, 'response.done')[0]).toMatchObject({ status: 'completed', finish: 'length' });
    await session.close('done');
    // As letters the pictures of one request would take more than all of these.
    const spent = eventsOf(session, 'session.spent').at(-1);
    expect(spent?.inputTokens).toBeGreaterThan(500);
    expect(spent?.inputTokens).toBeLessThan(12_000);
  },
  enginePatience,
);
