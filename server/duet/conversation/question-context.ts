import type { ContextMark, ScoredFrame } from '../../runtime/model.js';
import type { ContextMemory } from '../memory/memory.js';
import { withLevel } from '../../settings/policies.js';
import type { LiveSettings } from '../../settings/session-settings.js';
import type { Speaker } from './speaker.js';
import type { StandingQuestion } from './standing-questions.js';
import type { SeenFrame, VideoClock, TurnTaking, TurnTrace } from './turn-taking.js';

/**
 * One context of the model with what it has heard, and the assistant's turns in it. A model that takes all
 * questions together has one context; any other has one for the conversation, or for the first question, and
 * one for each further question.
 */
export class QuestionContext {
  readonly memory: ContextMemory;
  readonly turns: TurnTaking;
  readonly speaker: Speaker;
  /** The questions that stand in this context, in the order in which it heard them. */
  questions: readonly StandingQuestion[] = [];
  /** Those heard since the newest frame. */
  #heard: readonly StandingQuestion[] = [];

  constructor({ memory, turns, speaker }: QuestionContextParts) {
    this.memory = memory;
    this.turns = turns;
    this.speaker = speaker;
  }

  /** Whether it has heard something since its newest frame. */
  get hasNews(): boolean {
    return this.#heard.length > 0;
  }

  /** Takes in a text; a question that was added is kept whatever else is forgotten. */
  async hear(question: StandingQuestion, isAdded: boolean, signal: AbortSignal): Promise<void> {
    const { text, questionId } = question;
    await this.memory.appendUserText(text, signal, { id: questionId, stands: isAdded });
    this.questions = [...this.questions, question];
    this.#heard = [...this.#heard, question];
  }

  /** A question no longer stands, or has given way to newer ones. */
  drop(question: StandingQuestion): void {
    this.questions = this.questions.filter((each) => each !== question);
    this.#heard = this.#heard.filter((each) => each !== question);
  }

  /** Decides whether to speak after a frame. */
  judge(seen: SeenFrame, scored: ScoredFrame, settings: LiveSettings, clock: VideoClock): JudgedContext {
    const texts = this.#heard.map(({ text }) => text);
    this.#heard = [];
    if (texts.length > 0) this.speaker.forgetTold();
    const { question, relevance } = this.#nearest(scored, settings);
    const scores = { ...scored.scores, relevance };
    const own = question?.threshold ?? null;
    const policy = own === null ? settings.policy : withLevel(settings.policy, own);
    const trace = this.turns.decide({ ...seen, scores, texts }, { ...settings, policy }, clock);
    const { mark, trust } = scored;
    return { context: this, questionId: question?.questionId ?? null, mark, trace, trust };
  }

  /**
   * The question that a frame is for: the only one; of several the one whose relevance is furthest above its
   * threshold, where the model scores each; else none that could be told.
   */
  #nearest({ scores, relevances }: ScoredFrame, { policy }: LiveSettings): NearestQuestion {
    const [only, ...others] = this.questions;
    if (only === undefined) return { question: null, relevance: scores.relevance };
    const relevanceOf = ({ questionId }: StandingQuestion): number | undefined =>
      relevances?.[this.memory.textIds.lastIndexOf(questionId)];
    if (others.length === 0) return { question: only, relevance: relevanceOf(only) ?? scores.relevance };
    const level = policy.type === 'threshold' ? policy.threshold : 0;
    const margins = this.questions.flatMap((question) => {
      const relevance = relevanceOf(question);
      if (relevance === undefined) return [];
      return [{ question, relevance, margin: relevance - (question.threshold ?? level) }];
    });
    const best = margins.reduce<(typeof margins)[number] | null>(
      (most, each) => (most === null || each.margin > most.margin ? each : most),
      null,
    );
    return best ?? { question: null, relevance: scores.relevance };
  }
}

/** What a context decided after a frame. */
export interface JudgedContext {
  readonly context: QuestionContext;
  /** The question that the decision is about; null if that cannot be told, or there is none. */
  readonly questionId: string | null;
  /** The place just after the frame in the context's context. */
  readonly mark: ContextMark;
  readonly trace: TurnTrace;
  /** How much of what the model might have said was an answer; undefined if it does not tell. */
  readonly trust: number | undefined;
}

interface QuestionContextParts {
  readonly memory: ContextMemory;
  readonly turns: TurnTaking;
  readonly speaker: Speaker;
}

interface NearestQuestion {
  readonly question: StandingQuestion | null;
  readonly relevance: number;
}
