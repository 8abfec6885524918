import { spawnSync } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { foldCheckpoint } from '../../server/builder/fold/fold-checkpoint.js';
import { changeConfig, checkpointCopy } from '../builder/support/checkpoint-copy.js';
import { writeModelFile } from '../runtime/remote/model-files.js';
import { loadRemote, openRemoteSession, playFast } from '../runtime/remote/remote-session.js';
import { eventsOf } from '../support/duet-session.js';
import { enginePatience, startedEngine } from './started-engine.js';

/** A Python with vLLM for processors; see docs/use-your-own-model.md. */
const python = process.env['DUET_VLLM_PYTHON'] ?? '';

const anyScore = { policy: { type: 'threshold', threshold: 0 }, maxReplyTokens: 16 } as const;

test.skipIf(python === '')(
  'vLLM decides by System One, by yes and no, by JSON and by its last reply, and replies (DUET_VLLM_PYTHON)',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lfm-'));
    const url = await startedEngine(python, 'vllm_server.py', { others: [folder, 'new'] });
    const file = { preset: 'vllm', model: 'tiny', url, picture: { side: 112 } };
    const found = await loadRemote(await writeModelFile(file));
    // It ignores these, and answers the same about any two pictures.
    expect(found.capabilities.remote?.decides).not.toBe('System One, with pictures as assets');
    // As a part of the state a picture is letters there, and too many of them.
    const inState = loadRemote(await writeModelFile({ ...file, decide: 'systemone' }));
    await expect(inState).rejects.toThrow(/maximum context length/);
    for (const decide of ['systemone-images', 'labels']) {
      const warnings: string[] = [];
      await loadRemote(await writeModelFile({ ...file, decide, window: { decision: 12 } }), { warnings });
      expect(warnings, decide).toContain('tiny takes 8 pictures at once: it is shown no more');
    }
    for (const decide of ['systemone-images', 'labels', 'report', 'caption']) {
      const model = await loadRemote(await writeModelFile({ ...file, decide }));
      await using session = await openRemoteSession(model, anyScore);
      session.addUserText('Is a <image> bus coming?');
      await playFast(session, [40, 200]);
      expect(eventsOf(session, 'frame.scored'), decide).toHaveLength(2);
      expect(eventsOf(session, 'response.done')[0], decide).toMatchObject({ status: 'completed' });
    }
  },
  enginePatience,
);

test.skipIf(python === '')(
  'a folded checkpoint in vLLM gives the scores of its heads (DUET_VLLM_PYTHON)',
  async () => {
    const checkpoint = await checkpointCopy('grid');
    // vLLM on a processor has no attention for heads of 16.
    await changeConfig(checkpoint, { num_attention_heads: 2, num_key_value_heads: 1 });
    const output = join(await mkdtemp(join(tmpdir(), 'fold-')), 'folded');
    await foldCheckpoint({ checkpoint, layout: 'transformers', dtype: 'float32', output });
    const url = await startedEngine(python, 'vllm_server.py', { others: [output] });
    const folded = join(output, 'duet-fold.json');
    const file = {
      preset: 'vllm',
      model: 'tiny',
      url,
      folded,
      window: { decision: 3 },
      picture: { side: 112 },
    };
    const model = await loadRemote(await writeModelFile(file));
    const fetched = vi.spyOn(globalThis, 'fetch');
    await using session = await openRemoteSession(model, { policy: { type: 'never' } });
    session.addUserText('Is a bus coming?');
    await playFast(session, [40, 120, 200, 80]);
    const requests = fetched.mock.calls.map(([, init]) => z.string().parse(init?.body));
    fetched.mockRestore();
    const scored = eventsOf(session, 'frame.scored');
    expect(scored).toHaveLength(4);
    const heads = headsOf(requests, checkpoint, output);
    for (const [index, { informativeScore, relevanceScore }] of scored.entries()) {
      expect(Math.abs(informativeScore - (heads[index]?.[0] ?? NaN))).toBeLessThan(1e-4);
      expect(Math.abs(relevanceScore - (heads[index]?.[1] ?? NaN))).toBeLessThan(1e-4);
    }
  },
  enginePatience,
);

function headsOf(
  requests: readonly string[],
  checkpoint: string,
  folded: string,
): readonly (readonly number[])[] {
  const script = fileURLToPath(new URL('heads_of_requests.py', import.meta.url));
  const { stdout, stderr } = spawnSync(python, [script, checkpoint, folded], {
    ...{ input: requests.join('\n'), encoding: 'utf8' },
  });
  const lines = stdout.trim().split('\n');
  expect(lines, stderr).toHaveLength(requests.length);
  return lines.map((line) => z.array(z.number()).length(2).parse(JSON.parse(line)));
}
