import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { foldCheckpoint } from '../../../server/builder/fold/fold-checkpoint.js';
import { writeHeads } from '../../../server/builder/fold/write-heads.js';
import { defaultPrompt } from '../../../server/runtime/capabilities.js';
import { findModel } from '../../../server/runtime/find-model.js';
import { foldedIds } from '../../../server/runtime/heads/folded-tokens.js';
import type { FrameScores } from '../../../server/runtime/model.js';
import { expectedValues, fixtureFolder } from '../../builder/support/parity-fixture.js';
import { temporaryFolder } from '../../builder/support/temporary-folder.js';
import { parityPicture } from '../support/parity-session.js';

const checkpoint = fixtureFolder('grid');
const hiddenSize = 64;
const hidden = await expectedValues('grid')('hidden');
const informative = await expectedValues('grid')('informative');
const relevance = await expectedValues('grid')('relevance');

/** What PyTorch's heads say of the hidden state of the fixture's position `position`. */
function scoresAt(position: number): FrameScores {
  const probability = (logits: Float32Array) => {
    const [no = NaN, yes = NaN] = logits.subarray(2 * position, 2 * position + 2);
    return 1 / (1 + Math.exp(no - yes));
  };
  return { informative: probability(informative), relevance: probability(relevance) };
}

const bodySchema = z.looseObject({
  model: z.string(),
  max_tokens: z.number(),
  chat_template_kwargs: z.unknown(),
  messages: z.array(
    z.object({ role: z.string(), content: z.union([z.string(), z.array(z.looseObject({}))]) }),
  ),
});

type Body = z.infer<typeof bodySchema>;

/**
 * A chat endpoint that answers each request with `choice`, in the shapes of SGLang and vLLM; what it was
 * asked.
 */
async function serve(
  choice: (body: Body, position: number) => object,
): Promise<{ url: string; asked: Body[] }> {
  const asked: Body[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = bodySchema.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
      const answer = {
        ...{ id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: body.model },
        choices: [
          {
            ...{ index: 0, message: { role: 'assistant', content: 'a' }, finish_reason: 'length' },
            ...choice(body, asked.length),
          },
        ],
        usage: { prompt_tokens: 100, completion_tokens: 1, total_tokens: 101 },
      };
      asked.push(body);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answer));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('it has no port');
  return { url: `http://127.0.0.1:${address.port}/v1`, asked };
}

async function open(file: object) {
  const path = join(await temporaryFolder(), 'model.json');
  await writeFile(path, JSON.stringify({ model: 'mmduet', ...file }));
  const warnings: string[] = [];
  const found = await findModel(path, { onWarning: (message) => warnings.push(message) });
  const model = await found.load(new AbortController().signal);
  onTestFinished(() => model[Symbol.asyncDispose]());
  const context = await model.openContext({ ...defaultPrompt(model.capabilities), pace: () => 'fast' });
  return { context, warnings };
}

const pictures = [parityPicture(1, 64), parityPicture(2, 64)];

function expectClose(found: FrameScores | undefined, wanted: FrameScores): void {
  expect(Math.abs((found?.informative ?? NaN) - wanted.informative)).toBeLessThan(1e-5);
  expect(Math.abs((found?.relevance ?? NaN) - wanted.relevance)).toBeLessThan(1e-5);
}

test('hidden states of SGLang become the scores of the heads', async () => {
  const heads = await writeHeads({ checkpoint, output: join(await temporaryFolder(), 'heads') });
  const { url, asked } = await serve((_, position) => ({
    hidden_states: [...hidden.subarray(position * hiddenSize, (position + 1) * hiddenSize)],
  }));
  const { context, warnings } = await open({ preset: 'sglang', url, heads });
  await context.appendUserText('Tell me when somebody comes in.');
  const probes = asked.length;
  const frames = await context.appendFrames(pictures);
  frames.forEach(({ scores }, index) => {
    expectClose(scores, scoresAt(probes + index));
  });
  const body = asked[probes];
  expect(body).toMatchObject({
    ...{ return_hidden_states: 'last', max_tokens: 1, chat_template_kwargs: { duet_read: true } },
  });
  expect(body?.messages.map(({ role }) => role)).toEqual(['system', 'user', 'user']);
  expect(body?.messages[1]?.content).toBe('Tell me when somebody comes in.');
  expect(body?.messages[2]?.content).toEqual([
    { type: 'image_url', image_url: { url: expect.stringMatching(/^data:image\/jpeg;base64,/) as string } },
  ]);
  expect(warnings).toEqual([]);
});

test('log probabilities of vLLM become the scores of the folded heads', async () => {
  const { output, tokens } = await foldCheckpoint({
    ...{ checkpoint, layout: 'transformers', output: join(await temporaryFolder(), 'folded') },
  });
  const ids = foldedIds(tokens);
  const { url, asked } = await serve((_, position) => {
    const logits = [informative, relevance].flatMap((all) => [
      ...all.subarray(2 * position, 2 * position + 2),
    ]);
    const names = [tokens.informative, tokens.relevance].flatMap(({ no, yes }) => [no.text, yes.text]);
    const told = names.map((token, index) => ({ token, logprob: (logits[index] ?? 0) - 19.5, bytes: null }));
    return { logprobs: { content: [{ token: 'a', logprob: -0.1, bytes: [97], top_logprobs: told }] } };
  });
  const { context } = await open({ preset: 'vllm', url, folded: join(output, 'duet-fold.json') });
  await context.appendUserText('Tell me.');
  const probes = asked.length;
  const frames = await context.appendFrames(pictures);
  frames.forEach(({ scores }, index) => {
    expectClose(scores, scoresAt(probes + index));
  });
  expect(asked[probes]).toMatchObject({ logprobs: true, logprob_token_ids: ids, max_tokens: 1 });
});

test('an engine that does not know the way is told apart, and a file that is missing is named', async () => {
  const heads = await writeHeads({ checkpoint, output: join(await temporaryFolder(), 'heads') });
  const { url } = await serve(() => ({}));
  await expect(open({ preset: 'sglang', url, heads })).rejects.toThrow(
    /mmduet returns no hidden states; start SGLang with --return-hidden-states-mode last/,
  );
  const short = await serve(() => ({ hidden_states: [1, 2, 3] }));
  await expect(open({ preset: 'sglang', url: short.url, heads })).rejects.toThrow(
    /3 numbers came for heads of 64/,
  );
  await expect(open({ preset: 'vllm', url, folded: './nowhere.json' })).rejects.toThrow(/nowhere.json/);
  await expect(open({ preset: 'vllm', url, decide: 'folded' })).rejects.toThrow(
    /needs the path of duet-fold.json as "folded" in the model file/,
  );
});
