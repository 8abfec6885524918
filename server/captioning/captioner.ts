import { availableParallelism } from 'node:os';
import { basename, dirname } from 'node:path';
import { takeTurn, type TakeTurn } from '../duet/policy/take-turn.js';
import { findModel } from '../runtime/find-model.js';
import { denseCaptioning } from '../scoring/benchmarks/dense-captioning/dense-captioning.js';
import type { QuestionOutcome } from '../scoring/data/played.js';
import { questionPlayer, type PlayQuestion } from '../scoring/runner/play/play-question.js';
import { playSettings, type PlaySettings } from '../scoring/runner/play/settings.js';
import { playHere } from '../scoring/runner/runs/run.js';
import type { CaptionPlan } from './plan.js';

/** Captions videos with the model of a plan, as the dense captioning benchmark plays them. */
export interface Captioner {
  /** Name of the model. */
  readonly model: string;
  /** What the model is asked at the beginning. */
  readonly ask: string;
  /** Everything but the video that the captions depend on. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Captions several videos at once, and yields the outcome of each, by its path, when it is done. */
  caption(paths: readonly string[], onFrame: OnFrame, signal: AbortSignal): AsyncIterable<QuestionOutcome>;
}

/** Hears the time of each frame of a video, and how long the video is where that is known, in seconds. */
type OnFrame = (path: string, videoTime: number, duration: number | null) => void;

/**
 * Finds the model. Throws what finding it throws, and 'invalid_request' for settings that it does not take.
 */
export async function openCaptioner(
  plan: CaptionPlan,
  onWarning: (message: string) => void,
): Promise<Captioner> {
  const { model: place, workers, every, allowBundledFfmpeg } = plan;
  const found = await findModel(place, { ...(workers !== undefined && { workers }), onWarning });
  const playing = playSettings(
    { ...plan, benchmark: denseCaptioning, session: sessionOf(plan) },
    found.capabilities,
  );
  const ask = questionOf(plan);
  const common = {
    settings: playing,
    ffmpegPolicy: { trustedSource: true, allowBundled: allowBundledFfmpeg },
    ...(every !== undefined && { takeTurn: atLeastEvery(every) }),
  };
  return {
    model: found.capabilities.name,
    ask,
    settings: settingsOf(playing, { ask, every, model: await found.fingerprint() }),
    async *caption(paths, onFrame, signal) {
      if (paths.length === 0) return;
      await using model = await found.load(signal);
      const play: PlayQuestion = (question, each) => {
        const path = String(question.questionId);
        const hear = (...frame: readonly [number, number | null]): void => {
          onFrame(path, ...frame);
        };
        return questionPlayer({ ...common, model, videos: [dirname(path)], onFrame: hear })(question, each);
      };
      const conversation = [{ time: 0, content: ask }];
      const questions = paths.map((path) => {
        return { questionId: path, video: basename(path), conversation, gold: [], tags: {} };
      });
      yield* playHere(play, plan.jobs ?? availableParallelism())(questions, signal);
    },
  };
}

/** Speaks by the policy, and whenever so many seconds have passed without a reply. */
export function atLeastEvery(seconds: number): TakeTurn {
  return (settings, state, frame) => {
    const own = takeTurn(settings, state, frame);
    const { videoTime } = frame;
    const silence = videoTime - Math.max(0, state.lastReplyTime);
    if (own.decision.answer === 'speak' || silence < seconds) return own;
    return {
      ...own,
      decision: { answer: 'speak', reason: 'fired', threshold: null },
      next: { ...own.next, lastReplyTime: videoTime, replyTimes: [...own.next.replyTimes, videoTime] },
    };
  };
}

/**
 * Who asks for a caption at least so often wants it even if it repeats the one before, unless told otherwise.
 */
function sessionOf({ session, every }: CaptionPlan): CaptionPlan['session'] {
  return every === undefined ? session : { repeatAfter: 0, ...session };
}

function questionOf({ ask, language }: CaptionPlan): string {
  if (language === undefined) return ask;
  const name = new Intl.DisplayNames('en', { type: 'language' }).of(language) ?? language;
  return `${ask} Answer in ${name}.`;
}

function settingsOf(
  { session, ...others }: PlaySettings,
  asked: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  // As they are read back from a file.
  return JSON.parse(JSON.stringify({ ...session, ...others, ...asked })) as Readonly<Record<string, unknown>>;
}
