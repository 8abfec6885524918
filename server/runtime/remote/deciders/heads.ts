import type { ChatCompletionContentPart } from 'openai/resources/chat/completions';
import { z } from 'zod';
import { DuetError } from '../../../errors.js';
import { readHeads, scoresOfHidden } from '../../heads/duet-heads.js';
import { foldedIds, readFoldedTokens, scoresOfLogProbabilities } from '../../heads/folded-tokens.js';
import type { FoldedTokens } from '../../heads/folded-tokens.js';
import type { FrameScores } from '../../model.js';
import type { Engine } from '../engine/engine.js';
import { estimateOf, type EstimateParts } from '../engine/estimate.js';
import type { Situation } from '../situation.js';
import type { Decider } from './decider.js';

/**
 * Decides by MMDuet's heads on the hidden state of the newest picture's last token, which SGLang returns.
 * `path`: the heads that `duet model fold --heads-only` wrote.
 */
export function hiddenStateDecider(engine: Engine, parts: EstimateParts, path: string | undefined): Decider {
  const heads = once(() => readHeads(required(path, 'heads', 'heads.safetensors')));
  return headDecider(engine, parts, {
    fields: () => Promise.resolve({ return_hidden_states: 'last' }),
    read: async (answer) => {
      const { data } = hiddenSchema.safeParse(answer);
      const hidden = data?.choices[0]?.hidden_states;
      if (hidden !== undefined) return scoresOfHidden(await heads(), hidden);
      throw new DuetError(
        'unsupported',
        `${engine.name.model} returns no hidden states; start SGLang with --return-hidden-states-mode last`,
      );
    },
  });
}

/**
 * Decides by MMDuet's heads in a folded checkpoint, of whose tokens the engine tells the log probabilities,
 * as vLLM does. `path`: the checkpoint's `duet-fold.json`.
 */
export function foldedDecider(engine: Engine, parts: EstimateParts, path: string | undefined): Decider {
  const tokens = once(() => readFoldedTokens(required(path, 'folded', 'duet-fold.json')));
  return headDecider(engine, parts, {
    fields: async () => ({ logprobs: true, logprob_token_ids: foldedIds(await tokens()) }),
    read: async (answer) => {
      const { data } = toldSchema.safeParse(answer);
      const told = data?.choices[0]?.logprobs.content[0]?.top_logprobs;
      if (told !== undefined) return scoresOfLogProbabilities(await tokens(), byId(await tokens(), told));
      throw new DuetError('unsupported', `the chat of ${engine.name.model} gives no log probabilities`);
    },
  });
}

/** One request for both scores; the one relevance is that of every question. */
function headDecider(engine: Engine, parts: EstimateParts, { fields, read }: HeadReading): Decider {
  return {
    decide: async (situation, call) => {
      const body = {
        ...{ messages: frameMessages(situation), ...engine.sampling(1), ...(await fields()) },
        // The template of a folded checkpoint: the turn of pictures stays open, and nothing follows it.
        chat_template_kwargs: { duet_read: true },
      };
      const estimate = estimateOf(situation, parts, { output: 1 });
      const answer = await engine.ask('/chat/completions', body, { ...call, estimate });
      const { informative, relevance } = await read(answer);
      return {
        informative: { value: informative, mass: null },
        relevances: situation.questions.map(() => ({ value: relevance, mass: null })),
      };
    },
  };
}

/** What a way of reading the heads asks for, and how it reads the answer. */
interface HeadReading {
  readonly fields: () => Promise<Readonly<Record<string, unknown>>>;
  readonly read: (answer: unknown) => Promise<FrameScores>;
}

/**
 * A conversation as MMDuet was trained: the system's prompt, what the user asked, and pictures, with nothing
 * between.
 */
function frameMessages({ systemPrompt, questions, pictures }: Situation) {
  const content = pictures.map(({ url }): ChatCompletionContentPart => {
    return { type: 'image_url', image_url: { url } };
  });
  return [
    { role: 'system', content: systemPrompt },
    ...questions.map((text) => ({ role: 'user', content: text })),
    { role: 'user', content },
  ];
}

/** Log probabilities by token: engines name tokens by their texts, or by their ids if told to. */
function byId(tokens: FoldedTokens, told: readonly ToldToken[]): ReadonlyMap<number, number> {
  const folded = [tokens.informative, tokens.relevance].flatMap(({ no, yes }) => [no, yes]);
  return new Map(
    told.flatMap(({ token, logprob }) => {
      const found = folded.find(({ id, text }) => token === text || token === `token_id:${id}`);
      return found === undefined ? [] : [[found.id, logprob] as const];
    }),
  );
}

const toldToken = z.object({ token: z.string().max(256), logprob: z.number() });

type ToldToken = z.infer<typeof toldToken>;

const toldSchema = z.object({
  choices: z
    .array(
      z.object({
        logprobs: z.object({
          content: z.array(z.object({ top_logprobs: z.array(toldToken).max(100) })).min(1),
        }),
      }),
    )
    .min(1)
    .max(16),
});

const vector = z.array(z.number()).min(1).max(65_536);

/** The state of the last token, or of several of which it is the last. */
const hiddenSchema = z.object({
  choices: z
    .array(
      z.object({
        hidden_states: z.union([
          vector,
          z
            .array(vector)
            .min(1)
            .max(4096)
            .transform((all) => all.at(-1) ?? []),
        ]),
      }),
    )
    .min(1)
    .max(16),
});

/** Reads a file when it is first needed, and again after a failure. */
function once<Content>(read: () => Promise<Content>): () => Promise<Content> {
  let content: Promise<Content> | null = null;
  return () => {
    if (content === null) {
      content = read();
      content.catch(() => {
        content = null;
      });
    }
    return content;
  };
}

function required(path: string | undefined, field: string, file: string): string {
  if (path !== undefined) return path;
  throw new DuetError(
    'invalid_request',
    `this way of deciding needs the path of ${file} as "${field}" in the model file`,
  );
}
