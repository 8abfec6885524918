import { join } from 'node:path';
import type { Manifest } from '../../../server/runtime/folder/manifest.js';
import { folderFingerprint } from '../../../server/runtime/folder/model-folder.js';
import { readRealClips, readRealQuestions, type RealClip, type RealQuestion } from './real-clips.js';
import { playReal } from './play-real.js';
import { habitsOf, realVariants, type RealVariant, type RealVariantName } from './real-variants.js';
import { worstMistakes, type Mistake } from './worst-mistakes.js';
import { scoreClip, type ClipScore, type RealReply } from './score/score-clip.js';
import { ratio, realFigures, type RealFigures } from './score/totals.js';

/** The figures on real clips, beside baselines and ablations. */
export interface RealResults {
  readonly clips: number;
  readonly seconds: number;
  readonly variants: Readonly<Partial<Record<RealVariantName, RealVariantFigures>>>;
  /** False replies of the model, as examples. */
  readonly mistakes: readonly Mistake[];
}

/** The figures of one variant; those it was not played for are null. */
export interface RealVariantFigures {
  /** Narration of clips in which something happens all the time, of all others, and of those with nothing. */
  readonly crowded: RealFigures;
  readonly apart: RealFigures;
  readonly empty: RealFigures;
  /** Standing questions, by kind. */
  readonly told: Readonly<Partial<Record<RealQuestion['kind'], RealFigures>>>;
  /** "Tell me when a dog comes in." in each language, about one clip. */
  readonly languages: Readonly<Record<string, RealFigures>>;
  readonly counts: CountFigures | null;
  readonly places: PlaceFigures | null;
}

/** Shares of all questions for a number. */
interface CountFigures {
  readonly questions: number;
  readonly answered: number | null;
  readonly exact: number | null;
  readonly within_one: number | null;
}

/** Shares of all questions for what is at a place. */
interface PlaceFigures {
  readonly questions: number;
  readonly answered: number | null;
  readonly right: number | null;
}

/** What is played: the model's folder, the folder of the clips, and where runs are kept. */
interface RealRun {
  readonly model: string;
  readonly manifest: Manifest;
  readonly clips: string;
  readonly work: string;
  readonly jobs: number | null;
  readonly onProgress: (variant: string, done: number, total: number) => void;
}

/** Plays and scores all variants. Throws what playing throws. */
export async function collectReal(run: RealRun, signal: AbortSignal): Promise<RealResults> {
  const [clips, questions] = [await readRealClips(), await readRealQuestions()];
  const all = [...clips.values()];
  const variants: Partial<Record<RealVariantName, RealVariantFigures>> = {};
  let own: readonly ClipScore[] = [];
  for (const variant of realVariants(run.manifest.tower?.type === 'detector')) {
    const asked = questionsFor(variant, questions);
    const repliesTo = await repliesOf(run, variant, asked, all, signal);
    const scores = asked.flatMap((question) => {
      const clip = clips.get(question.video);
      return clip === undefined ? [] : [scoreClip(clip, question, repliesTo(question, clip))];
    });
    variants[variant.name] = figuresOf(scores);
    if (variant.name === 'model') own = scores;
  }
  const seconds = all.reduce((sum, clip) => sum + clip.seconds, 0);
  return { clips: all.length, seconds, variants, mistakes: worstMistakes(own) };
}

/** Only those that see the clips are asked in every language. */
function questionsFor(variant: RealVariant, questions: readonly RealQuestion[]): readonly RealQuestion[] {
  const english = questions.filter((question) => !isTranslated(question));
  if (variant.type === 'blind') return english;
  const asked = variant.frames === 'video' ? questions : english;
  return asked.filter(({ kind }) => variant.kinds.includes(kind));
}

type RepliesTo = (question: RealQuestion, clip: RealClip) => readonly RealReply[];

async function repliesOf(
  { model, clips: folder, work, jobs, onProgress }: RealRun,
  variant: RealVariant,
  questions: readonly RealQuestion[],
  clips: readonly RealClip[],
  signal: AbortSignal,
): Promise<RepliesTo> {
  if (variant.type === 'blind') {
    const habits = habitsOf(clips, questions);
    return (question, clip) => variant.replies(question, clip, habits);
  }
  const { voice, frames, name, title } = variant;
  const place = voice === 'tracker' ? `tracker:${model}` : model;
  const kept = join(work, `real-${await folderFingerprint(model)}`, name);
  const progress = (done: number, total: number): void => {
    onProgress(title, done, total);
  };
  const play = { model: place, frames, questions, clips: folder, work: kept, jobs, onProgress: progress };
  const played = await playReal(play, signal);
  return ({ id }) => played.get(id)?.replies ?? [];
}

function figuresOf(scores: readonly ClipScore[]): RealVariantFigures {
  const narrated = scores.filter(({ question }) => question.kind === 'narrate');
  const standing = (['thing', 'come', 'go', 'never'] as const).flatMap((kind) => {
    const own = scores.filter(({ question }) => question.kind === kind && !isTranslated(question));
    return own.length === 0 ? [] : [[kind, realFigures(own, true)] as const];
  });
  return {
    crowded: realFigures(
      narrated.filter(({ clip }) => clip.crowded),
      true,
    ),
    apart: realFigures(
      narrated.filter(({ clip }) => !clip.crowded),
      true,
    ),
    empty: realFigures(
      narrated.filter(({ wanted }) => wanted.length === 0),
      false,
    ),
    told: Object.fromEntries(standing),
    languages: Object.fromEntries(
      scores
        .filter(({ question }) => isTranslated(question))
        .map((score) => [score.question.language, realFigures([score], false)]),
    ),
    counts: countsOf(answersTo('count', scores)),
    places: placesOf(answersTo('place', scores)),
  };
}

/** Whether a question is one of those that are asked in every language. */
function isTranslated({ english }: RealQuestion): boolean {
  return english !== undefined;
}

function answersTo(
  kind: RealQuestion['kind'],
  scores: readonly ClipScore[],
): NonNullable<ClipScore['answer']>[] {
  return scores.flatMap(({ question, answer }) =>
    question.kind === kind && answer !== null ? [answer] : [],
  );
}

function countsOf(answers: readonly NonNullable<ClipScore['answer']>[]): CountFigures | null {
  if (answers.length === 0) return null;
  const within = (most: number): number | null =>
    ratio(answers.filter(({ off }) => off !== null && off <= most).length, answers.length);
  return {
    questions: answers.length,
    answered: ratio(answers.filter(({ answered }) => answered).length, answers.length),
    exact: within(0),
    within_one: within(1),
  };
}

function placesOf(answers: readonly NonNullable<ClipScore['answer']>[]): PlaceFigures | null {
  if (answers.length === 0) return null;
  return {
    questions: answers.length,
    answered: ratio(answers.filter(({ answered }) => answered).length, answers.length),
    right: ratio(answers.filter(({ right }) => right).length, answers.length),
  };
}
