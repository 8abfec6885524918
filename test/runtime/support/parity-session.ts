import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { ContextMark, DuetContext, FrameScores, ReplyPart } from '../../../server/runtime/model.js';
import type { Picture } from '../../../server/video/frame.js';

/** Folder of the fixtures that PyTorch made; see its README.md. */
export const parityFolder = fileURLToPath(new URL('../../golden/parity', import.meta.url));

const scoresSchema = z.object({ informative: z.number(), relevance: z.number() });
const size = z.int();
const actionSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('appendFrames'),
    frames: z.array(z.int()),
    scores: z.array(scoresSchema),
    size,
  }),
  z.object({ type: z.literal('appendUserText'), text: z.string(), size }),
  z.object({
    type: z.literal('generateReply'),
    maxTokens: z.int(),
    repetitionPenalty: z.number(),
    afterwards: z.enum(['keep', 'remove']),
    tokens: z.array(z.int()),
    reason: z.enum(['completed', 'length']),
    text: z.string(),
    size,
  }),
  z.object({ type: z.literal('cutBackTo'), action: z.int(), frame: z.int(), size }),
]);
const sessionSchema = z.object({
  checkpoint: z.string(),
  adapter: z.string().nullable(),
  options: z.object({ systemPrompt: z.string(), promptLayout: z.enum(['trained', 'reference']) }),
  actions: z.array(actionSchema),
});

type Action = z.infer<typeof actionSchema>;
type ReplyAction = Extract<Action, { type: 'generateReply' }>;

/** One recorded session and what it must give. */
export type ParitySession = z.infer<typeof sessionSchema> & { readonly file: string };

/** Every recorded session of a fixture. */
export function paritySessions(fixture: string): ParitySession[] {
  const folder = join(parityFolder, fixture);
  const files = readdirSync(folder).filter((file) => /^session-.*\.json$/.test(file));
  return files.sort().map((file) => {
    const json: unknown = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    return { ...sessionSchema.parse(json), file };
  });
}

/** The fixtures that have recorded sessions. */
export function parityFixtures(): string[] {
  const folders = readdirSync(parityFolder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.map((entry) => entry.name).filter((name) => paritySessions(name).length > 0);
}

/** Picture `index` of the fixtures, made by the formula in their README.md. */
export function parityPicture(index: number, side: number): Picture {
  const rgb = new Uint8Array(side * side * 3);
  const radius = Math.floor(side / 4);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const inside = (x - ((13 * index) % side)) ** 2 + (y - ((5 * index) % side)) ** 2 < radius ** 2;
      for (let c = 0; c < 3; c++) {
        const value = (x * (1 + ((7 * index) % 5)) + y * (1 + ((3 * index) % 4)) + 53 * c + 29 * index) % 256;
        rgb[(y * side + x) * 3 + c] = inside ? 255 - value : value;
      }
    }
  }
  return { width: side, height: side, rgb };
}

/** What came of each action: the scores of frames, a reply, and the tokens then held. */
export type Outcome = { readonly size: number } & (
  | { readonly type: 'appendFrames'; readonly scores: readonly FrameScores[] }
  | {
      readonly type: 'generateReply';
      readonly tokens: readonly number[];
      readonly reason: string;
      readonly text: string;
    }
  | { readonly type: 'appendUserText' | 'cutBackTo' }
);

/**
 * How frames are given to the model: `as-recorded`; `one-by-one`; or `overshooting`, where the two pictures
 * that are next come in the same call and the context is cut back to before them.
 */
export type Feeding = 'as-recorded' | 'one-by-one' | 'overshooting';

/** Carries out a session's actions on a context. */
export async function replay(
  context: DuetContext,
  session: ParitySession,
  side: number,
  feeding: Feeding = 'as-recorded',
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const marks: ContextMark[][] = [];
  for (const action of session.actions) {
    const made: ContextMark[] = [];
    marks.push(made);
    const outcome = await carryOut(context, action, { side, feeding, marks, made });
    outcomes.push({ ...outcome, size: context.size });
  }
  return outcomes;
}

interface Replay {
  readonly side: number;
  readonly feeding: Feeding;
  readonly marks: readonly (readonly ContextMark[])[];
  readonly made: ContextMark[];
}

type Result = Outcome extends infer Each ? (Each extends Outcome ? Omit<Each, 'size'> : never) : never;

async function carryOut(context: DuetContext, action: Action, replay: Replay): Promise<Result> {
  switch (action.type) {
    case 'appendFrames':
      return { type: 'appendFrames', scores: await appendFrames(context, action.frames, replay) };
    case 'appendUserText':
      await context.appendUserText(action.text);
      return { type: 'appendUserText' };
    case 'generateReply':
      return reply(context, action);
    case 'cutBackTo': {
      const mark = replay.marks[action.action]?.[action.frame];
      if (mark === undefined) throw new Error('the session names a frame that was not appended');
      await context.cutBackTo(mark);
      return { type: 'cutBackTo' };
    }
    default:
      return action satisfies never;
  }
}

async function appendFrames(
  context: DuetContext,
  frames: readonly number[],
  replay: Replay,
): Promise<FrameScores[]> {
  const pictures = (indices: readonly number[]) =>
    indices.map((index) => ({ ...parityPicture(index, replay.side), id: index }));
  const scores: FrameScores[] = [];
  const calls = replay.feeding === 'one-by-one' ? frames.map((frame) => [frame]) : [[...frames]];
  for (const call of calls) {
    // Those that come next: what is known of them after they were cut off must be right.
    const next = (call.at(-1) ?? 0) + 1;
    const future = replay.feeding === 'overshooting' ? [next, next + 1] : [];
    const scored = await context.appendFrames(pictures([...call, ...future]));
    for (const { scores: ofFrame, mark } of scored.slice(0, call.length)) {
      scores.push(ofFrame);
      replay.made.push(mark);
    }
    const last = replay.made.at(-1);
    if (future.length > 0 && last !== undefined) await context.cutBackTo(last);
  }
  return scores;
}

async function reply(context: DuetContext, action: ReplyAction): Promise<Result> {
  const { maxTokens, repetitionPenalty, afterwards } = action;
  let text = '';
  let end: Extract<ReplyPart, { type: 'end' }> | null = null;
  for await (const part of context.generateReply({ maxTokens, repetitionPenalty, afterwards })) {
    if (part.type === 'text') text += part.text;
    else end = part;
  }
  if (end === null) throw new Error('the reply had no end');
  return { type: 'generateReply', tokens: end.tokenIds ?? [], reason: end.reason, text };
}

/** Everything of an outcome but the scores, which are only equal up to rounding. */
export function exactly(outcome: Action | Outcome): unknown {
  if (outcome.type !== 'generateReply') return { type: outcome.type, size: outcome.size };
  const { tokens, reason, size: held } = outcome;
  // A character that is never completed is dropped here, and U+FFFD for each of its bytes there.
  return { tokens, reason, size: held, text: outcome.text.replace(/\uFFFD+$/u, '') };
}

/** The largest difference of a probability between two runs of the same actions. */
export function largestDifference(
  one: readonly (Action | Outcome)[],
  two: readonly (Action | Outcome)[],
): number {
  const scores = (outcomes: readonly (Action | Outcome)[]) =>
    outcomes.flatMap((outcome) =>
      outcome.type === 'appendFrames' ? outcome.scores.flatMap((s) => [s.informative, s.relevance]) : [],
    );
  const [first, second] = [scores(one), scores(two)];
  if (first.length !== second.length) return Infinity;
  return Math.max(...first.map((score, index) => Math.abs(score - (second[index] ?? NaN))));
}
