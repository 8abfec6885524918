import { join } from 'node:path';
import { benchFlagsOf } from '../../server/cli/bench/bench-command.js';
import { whileLocked } from '../../server/cli/bench/folder-lock.js';
import type { PlayMemory } from '../../server/cli/bench/play-memory.js';
import { prepareBench } from '../../server/cli/bench/prepare.js';
import { writeReports } from '../../server/cli/bench/results.js';
import { runPrepared } from '../../server/cli/bench/run.js';
import { configOf } from '../../server/cli/config-options.js';
import { DuetError } from '../../server/errors.js';
import { findBenchmark } from '../../server/scoring/benchmarks/index.js';
import type { SweepPoint } from '../../server/scoring/runner/sweep.js';
import type { Report } from '../../server/scoring/report/report.js';
import { factsOf, type QuestionFacts } from './question-facts.js';
import type { BenchTask } from './tasks.js';
import type { TestSplit } from './test-split.js';
import type { Variant } from './variants.js';

/** What all runs have in common. */
export interface Playground {
  readonly folders: Readonly<Record<Variant['build'], string>>;
  readonly split: TestSplit;
  readonly development: TestSplit | null;
  readonly work: string;
  readonly quick: number | null;
  readonly jobs: number | null;
  readonly memory: PlayMemory;
}

/** A task played under one variant. */
export interface TaskOutcome {
  readonly report: Report;
  /** Of `magqa` only. */
  readonly facts: readonly QuestionFacts[];
  /** How many questions were played. */
  readonly questions: number;
  /** The figures at other thresholds; empty where none were asked for. */
  readonly points: readonly SweepPoint[];
}

/** Grounding and highlights are smoothed so and cut there unless a development split says better: fixed before any figure was seen. */
const fixedWindow = '0';
const fixedThreshold = '0.5';

/**
 * Plays and scores a task exactly as `duet bench` does, in a folder of its own in which a stopped run goes on. Throws what that throws;
 * a clip that cannot be played ends it.
 */
export async function playTask(
  variant: Variant,
  task: BenchTask,
  sweep: string | null,
  ground: Playground,
  signal: AbortSignal,
): Promise<TaskOutcome> {
  const flags = benchFlagsOf(task, argsOf(variant, task, sweep, ground));
  const prepared = await prepareBench(findBenchmark(task), flags, signal);
  const config = await configOf(flags);
  const outcomes: TaskOutcome[] = [];
  await whileLocked(prepared.folder, () =>
    runPrepared(
      prepared,
      config,
      async (bench) => {
        const { result } = bench;
        await ground.memory.keep(result.run);
        const { report } = await writeReports(bench, signal);
        const facts = task === 'magqa' ? await factsOf(result, ground.split.labels) : [];
        const points = result.sweep?.points ?? [];
        outcomes.push({ report, facts, questions: result.run.questions.length, points });
      },
      signal,
      ground.memory,
    ),
  );
  const [outcome] = outcomes;
  if (outcome === undefined) throw new DuetError('internal', `${task} ended without a report`);
  return outcome;
}

function argsOf(
  { name, args, build }: Variant,
  task: BenchTask,
  sweep: string | null,
  { folders, split, development, work, quick, jobs }: Playground,
): string[] {
  const judged = task === 'magqa' || task === 'proactive';
  return [
    ...['--annotations', split.annotations[task], '--videos', split.clips, '--model', folders[build]],
    ...['-o', join(work, name, task), '--fail-fast', '--allow-bundled-ffmpeg'],
    ...(judged ? ['--judge', `exact:${split.grammar}`] : []),
    ...(sweep === null ? [] : ['--sweep', sweep]),
    ...(quick === null ? [] : ['--limit', String(quick)]),
    ...(jobs === null ? [] : ['--jobs', String(jobs)]),
    ...choiceArgs(task, development),
    ...args,
  ];
}

function choiceArgs(task: BenchTask, development: TestSplit | null): string[] {
  if (task !== 'charades' && task !== 'qvhighlights') return [];
  if (development !== null)
    return ['--dev-annotations', development.annotations[task], '--dev-videos', development.clips];
  return ['--window', fixedWindow, ...(task === 'charades' ? ['--threshold', fixedThreshold] : [])];
}
