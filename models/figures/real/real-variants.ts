import type { SeenFrames } from '../../../server/scoring/runner/play/frames-seen.js';
import type { RealClip, RealQuestion } from './real-clips.js';
import type { RealReply } from './score/score-clip.js';

/** A way in which the real clips are played: by a model, or by rule without looking. */
export type RealVariant = { readonly name: RealVariantName; readonly title: string } & (
  | {
      readonly type: 'played';
      /** The model's own decoder, or templates on what its detector follows. */
      readonly voice: 'decoder' | 'tracker';
      readonly frames: SeenFrames;
      readonly kinds: readonly RealQuestion['kind'][];
    }
  | { readonly type: 'blind'; readonly replies: BlindReplies }
);

/** Names in `figures.json`. */
export type RealVariantName = 'model' | 'tracker' | 'commonest' | 'silence' | 'black' | 'shuffled';

/** What is said to a question by someone who knows the labels' habits but does not look. */
type BlindReplies = (question: RealQuestion, clip: RealClip, habits: Habits) => readonly RealReply[];

/** What is commonest in the labels. */
interface Habits {
  /** Seconds of video for each event that is to be told. */
  readonly interval: number;
  /** The commonest event, as a sentence. */
  readonly sentence: string;
  /** The commonest number of things at the times when it is asked for. */
  readonly number: number;
}

const everyKind = ['narrate', 'thing', 'come', 'go', 'never', 'count', 'place'] as const;
const ablated = ['narrate', 'come', 'count'] as const;

/** All ways, the model itself first; one without a detector has no tracker beside it. */
export function realVariants(hasDetector: boolean): readonly RealVariant[] {
  const played = { type: 'played', voice: 'decoder', frames: 'video', kinds: everyKind } as const;
  return [
    { name: 'model', title: 'the model', ...played },
    ...(hasDetector
      ? [{ name: 'tracker', title: 'tracker with templates', ...played, voice: 'tracker' } as const]
      : []),
    { name: 'commonest', title: 'commonest sentence at regular times', type: 'blind', replies: blindTalk },
    { name: 'silence', title: 'silence', type: 'blind', replies: () => [] },
    { name: 'black', title: 'black frames', ...played, frames: 'black', kinds: ablated },
    { name: 'shuffled', title: 'frames shuffled', ...played, frames: 'shuffled', kinds: ablated },
  ];
}

/** What the labels of all clips and questions have most. */
export function habitsOf(clips: readonly RealClip[], questions: readonly RealQuestion[]): Habits {
  const told = clips.flatMap(({ events }) =>
    events.filter(
      ({ kind, unsure, optional }) => !unsure && !optional && kind !== 'present' && kind !== 'count',
    ),
  );
  const verbs = { enter: 'comes in', appear: 'appears', leave: 'leaves', present: '', count: '' };
  const seconds = clips.reduce((sum, clip) => sum + clip.seconds, 0);
  const numbers = questions.flatMap(({ kind, video, time }) => {
    const clip = clips.find((each) => each.video === video);
    return kind !== 'count'
      ? []
      : (clip?.events ?? []).flatMap(({ kind: state, start, end, count }) =>
          state === 'count' && start <= time && time <= end && count !== undefined ? [count] : [],
        );
  });
  return {
    interval: seconds / Math.max(1, told.length),
    sentence: `A ${commonest(told.map(({ thing, kind }) => `${thing} ${verbs[kind]}`)) ?? 'person comes in'}.`,
    number: commonest(numbers) ?? 1,
  };
}

/** Says the same sentence at regular times; to "tell me when", the event that was asked for. */
function blindTalk(question: RealQuestion, clip: RealClip, habits: Habits): readonly RealReply[] {
  const { kind, text = '', time } = question;
  const after = (words: RegExp): string => text.replace(words, '').replace(/ are there\?$/, '');
  switch (kind) {
    case 'narrate':
    case 'thing':
      return atRegularTimes(habits.sentence, clip, habits);
    case 'come':
    case 'go':
    case 'never':
      return atRegularTimes(after(/^Tell me when /), clip, habits);
    case 'count':
      return [{ time, content: `There are ${habits.number} ${after(/^How many /)}.` }];
    case 'place':
      return [];
    default:
      return kind satisfies never;
  }
}

function atRegularTimes(content: string, { seconds }: RealClip, { interval }: Habits): readonly RealReply[] {
  const count = Math.floor(seconds / interval);
  return Array.from({ length: count }, (_, index) => ({ time: (index + 0.5) * interval, content }));
}

/** The value that occurs most often, the first of several. */
function commonest<Value>(values: readonly Value[]): Value | undefined {
  const counts = new Map<Value, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return [...counts].find(([, count]) => count === most)?.[0];
}
