/** The benchmarks of a card, under the names they have in `figures.json`. */
export const benchTasks = ['magqa', 'youcook2', 'charades', 'qvhighlights', 'proactive'] as const;

/** One of {@link benchTasks}. */
export type BenchTask = (typeof benchTasks)[number];
