import { refuseIfAborted } from '../../../errors.js';
import type { Picture } from '../../../video/frame.js';
import type { ScoredFrame } from '../../model.js';
import { joinFloats } from '../graphs/join-floats.js';
import type { LanguageDecoder } from '../graphs/language-decoder.js';
import { markAt, type ContextState } from './context-state.js';
import { feedForScores } from './feed.js';
import type { ModelParts } from './model-parts.js';

/** Appends pictures in one call and scores each by the two heads at its last token. */
export async function scoreFrames(
  { manifest, sight, vocabulary }: ModelParts,
  state: ContextState,
  decoder: LanguageDecoder,
  pictures: readonly Picture[],
  signal: AbortSignal | undefined,
): Promise<readonly ScoredFrame[]> {
  const rows = manifest.tokensPerFrame;
  const markup = state.markupOf({ type: 'frames' });
  const { tokens } = markup;
  state.requireRoom(tokens.length + pictures.length * rows, `${pictures.length} frame(s)`);
  const seen = await sight.look(pictures, state.place().sight, () => {
    refuseIfAborted(signal);
  });
  const begin = state.place().end + tokens.length;
  const known = tokens.length === 0 ? state.framesAhead.known(begin, pictures) : [];
  const unknown = seen.embeddings.subarray(known.length * rows * manifest.decoder.hiddenSize);
  const embeddings = joinFloats([await vocabulary.embed(tokens), unknown]);
  const lastRows = pictures.slice(known.length).map((_, index) => tokens.length + (index + 1) * rows - 1);
  const frameParts = pictures.map(() => ({ kind: 'content', begins: false, rows }) as const);
  const scores = await state.append(
    { ...markup, parts: [...markup.parts, ...frameParts] },
    async (target) => {
      for (const frame of known) target.cache.append(rows, frame.rows);
      const fed = await feedForScores(target, decoder, embeddings, lastRows);
      return [...known.map((frame) => frame.scores), ...fed];
    },
    signal,
  );
  const endOf = (index: number) => begin + (index + 1) * rows;
  state.framesAhead.append(
    scores.map((ofFrame, index) => ({ id: pictures[index]?.id, scores: ofFrame, end: endOf(index) })),
  );
  return scores.map((ofFrame, index) => {
    state.see(seen.memories[index] ?? null);
    const held = state.scored(ofFrame);
    return { scores: held, mark: markAt({ ...state.place(), end: endOf(index) }) };
  });
}
