import { refuseIfAborted } from '../../../errors.js';
import type { Picture } from '../../../video/frame.js';
import type { ScoredFrame } from '../../model.js';
import { joinFloats } from '../graphs/join-floats.js';
import { probabilityOfYes } from '../text/yes-or-no.js';
import { markAt, type ContextState } from './context-state.js';
import { feedForLast, feedRows } from './feed.js';
import type { QuestionScoring } from './frame-scoring.js';
import type { ModelParts } from './model-parts.js';

/**
 * Appends pictures one by one and asks after each. Without a text of the user there is nothing for a frame to
 * be relevant to, and that question is not asked. If it throws, everything is as before.
 */
export async function askAfterFrames(
  parts: ModelParts,
  state: ContextState,
  scoring: QuestionScoring,
  pictures: readonly Picture[],
  signal: AbortSignal | undefined,
): Promise<readonly ScoredFrame[]> {
  const before = state.place();
  const scored: ScoredFrame[] = [];
  try {
    for (const picture of pictures) {
      await appendFrame(parts, state, picture, signal);
      const { frames, asked } = state.place();
      const ask = (question: string, wanted: boolean) =>
        wanted && frames % scoring.every === 0 ? askAbout(parts, state, scoring, question, signal) : 0;
      const informative = await ask(scoring.informative, true);
      const relevance = await ask(scoring.relevance, asked);
      scored.push({ scores: { informative, relevance }, mark: markAt(state.place()) });
    }
    return scored;
  } catch (error) {
    state.returnTo(before);
    throw error;
  }
}

async function appendFrame(
  { sight, vocabulary, manifest }: ModelParts,
  state: ContextState,
  picture: Picture,
  signal: AbortSignal | undefined,
): Promise<void> {
  refuseIfAborted(signal);
  const { tokensPerFrame } = manifest;
  const markup = state.markupOf({ type: 'frames' });
  state.requireRoom(markup.tokens.length + tokensPerFrame, '1 frame');
  const seen = await sight.look([picture], state.place().sight, () => {
    refuseIfAborted(signal);
  });
  const embeddings = joinFloats([await vocabulary.embed(markup.tokens), seen.embeddings]);
  const frame = { kind: 'content', begins: false, rows: tokensPerFrame } as const;
  await state.append(
    { ...markup, parts: [...markup.parts, frame] },
    (target) => feedRows(target, embeddings),
    signal,
  );
  state.see(seen.memories[0] ?? null);
}

/** The probability of yes as the answer to `question`, of which nothing stays. */
async function askAbout(
  { vocabulary }: ModelParts,
  state: ContextState,
  { answers }: QuestionScoring,
  question: string,
  signal: AbortSignal | undefined,
): Promise<number> {
  const before = state.place();
  const markup = state.markupOf({ type: 'ask', text: question });
  state.requireRoom(markup.tokens.length, 'the question after a frame');
  const embeddings = await vocabulary.embed(markup.tokens);
  const last = await state.append(markup, (target) => feedForLast(target, embeddings), signal);
  const logits = await vocabulary.logits(last);
  state.returnTo(before);
  return probabilityOfYes(logits, answers);
}
