import { withLevel } from '../../settings/policies.js';
import type { LiveSettings } from '../../settings/session-settings.js';
import { TurnTaking } from '../conversation/turn-taking.js';
import type { DecisionReason } from '../policy/policy.js';
import { begunBy, repeatedBy, toldReply, toldWithin, type ToldReply } from '../policy/repetition.js';
import { takeTurn } from '../policy/take-turn.js';

/**
 * Decides the frames of one context of a record again under other settings, with the code that decides in a
 * session, and at once: what `replaySession` does with a session of its own, for many frames and settings a
 * second, also in a browser. What the model would have said at a frame where it was not asked is not known;
 * such a reply is taken for one that says something new.
 */
export function decideAgain(
  frames: readonly DecidedFrame[],
  settings: LiveSettings,
): readonly AnotherDecision[] {
  let pictureChange: number | null = null;
  const turns = new TurnTaking((now, state, frame) => takeTurn(now, state, { ...frame, pictureChange }));
  let told: readonly ToldReply[] = [];
  return frames.map((frame) => {
    const { videoTime, scores, texts, standsStill, threshold } = frame;
    if (frame.beginsSource) turns.beginSource();
    if (frame.beginsSource || texts.length > 0) told = [];
    pictureChange = frame.pictureChange;
    const policy = threshold === null ? settings.policy : withLevel(settings.policy, threshold);
    const seen = { frame: { index: 0, videoTime, picture: noPicture }, grid: () => noGrid, scores, texts };
    const { fired, reason } = turns.decide(seen, { ...settings, policy }, { standsStill });
    if (!fired) return { videoTime, answer: 'silent', reason };
    told = toldWithin(told, settings.repeatAfter, videoTime);
    if (frame.reply !== null && isRepetition(frame.reply, told, settings.repeatWords)) {
      turns.takeBack();
      return { videoTime, answer: 'suppressed', reason };
    }
    told = [...told, toldReply('', videoTime, frame.reply ?? '')];
    return { videoTime, answer: frame.reply === null ? 'speaks' : 'says the same', reason };
  });
}

/** A frame as it was scored. */
export interface DecidedFrame {
  /** Seconds on the media clock. */
  readonly videoTime: number;
  readonly scores: { readonly informative: number; readonly relevance: number };
  /** How much the picture differed from that of the last reply; null if it was not measured. */
  readonly pictureChange: number | null;
  /** What the user said since the frame before. */
  readonly texts: readonly string[];
  /** Whether it is the first of its source. */
  readonly beginsSource: boolean;
  /** Whether it was scored again while the video was paused or over. */
  readonly standsStill: boolean;
  /** The threshold of the question that it was for; null for that of the policy. */
  readonly threshold: number | null;
  /** What the model said then, told or suppressed; null if it was not asked. */
  readonly reply: string | null;
}

/** What would have been decided after a frame. */
export interface AnotherDecision {
  readonly videoTime: number;
  /** `speaks`: with words that are not known; `suppressed`: it would have repeated itself. */
  readonly answer: 'silent' | 'says the same' | 'speaks' | 'suppressed';
  readonly reason: DecisionReason;
}

/** As a reply that grows word by word is compared with those before. */
function isRepetition(text: string, told: readonly ToldReply[], repeatWords: number): boolean {
  if (repeatedBy(text, told) !== null) return true;
  if (repeatWords === 0) return false;
  const ends = [...text.matchAll(/\s*\S+/g)].map(({ index, 0: { length } }) => index + length);
  return ends.some((end) => begunBy(text.slice(0, end), told, repeatWords) !== null);
}

/** Pictures were compared when the frames were recorded. */
const noPicture = { width: 0, height: 0, rgb: new Uint8Array(0) };
const noGrid = { means: new Float32Array(0) };
