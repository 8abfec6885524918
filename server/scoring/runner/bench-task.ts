import type { TaskSettings } from '../../settings/task-settings.js';

/** The benchmarks that can be run. */
export const benchTasks = ['magqa', 'youcook2', 'charades', 'qvhighlights', 'proactive'] as const;

/** One of {@link benchTasks}. */
export type BenchTask = (typeof benchTasks)[number];

/** Settings under which a benchmark is played. */
export type PlayPreset = TaskSettings;

/** What sets one benchmark apart from the others. */
export interface BenchTaskTraits {
  readonly title: string;
  /** Whether replies are scored; otherwise only the scores of the frames are. */
  readonly speaks: boolean;
  /** Under which of a model's recommended tasks its settings are looked for, in this order. */
  readonly recommendedAs: readonly string[];
  /** Settings of MMDuet's published run. */
  readonly published: PlayPreset;
}

const scoresOnly = {
  heads: ['informative', 'relevance'],
  policy: { type: 'never' },
  assistantTurns: 'remove',
  cooldown: 0,
} as const;

const questionAnswering = {
  fps: 2,
  maxFrames: 400,
  heads: ['informative', 'relevance'],
  policy: { type: 'threshold', threshold: 0.5 },
  assistantTurns: 'remove',
  cooldown: 0,
} as const;

/** Published settings after the run scripts of MMDuet (arXiv 2411.17991); every comparison with a threshold is strict. */
const traits = {
  magqa: {
    title: 'MAGQA',
    speaks: true,
    recommendedAs: ['magqa'],
    published: { ...questionAnswering, heads: [...questionAnswering.heads] },
  },
  youcook2: {
    title: 'YouCook2 dense captioning',
    speaks: true,
    recommendedAs: ['captions'],
    published: {
      fps: 0.5,
      maxFrames: 200,
      heads: ['informative'],
      policy: { type: 'sum', threshold: 2 },
      assistantTurns: 'remove',
      cooldown: 0,
    },
  },
  charades: {
    title: 'Charades-STA temporal grounding',
    speaks: false,
    recommendedAs: ['grounding'],
    published: { ...scoresOnly, heads: [...scoresOnly.heads], fps: 2, maxFrames: 400 },
  },
  qvhighlights: {
    title: 'QVHighlights highlight detection',
    speaks: false,
    recommendedAs: ['highlights', 'grounding'],
    published: { ...scoresOnly, heads: [...scoresOnly.heads], fps: 1, maxFrames: 400 },
  },
  proactive: {
    title: 'Proactive answering (PAUC)',
    speaks: true,
    recommendedAs: ['proactive', 'magqa'],
    published: { ...questionAnswering, heads: [...questionAnswering.heads] },
  },
} satisfies Record<BenchTask, BenchTaskTraits>;

/** The traits of a benchmark. */
export function traitsOf(task: BenchTask): BenchTaskTraits {
  return traits[task];
}
