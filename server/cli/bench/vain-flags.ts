import { DuetError } from '../../errors.js';
import type { Benchmark } from '../../scoring/benchmark.js';
import { benchmarks } from '../../scoring/benchmarks/index.js';
import { baselineName } from './baseline-flag.js';
import type { BenchFlags } from './prepare.js';

/** Flags that a baseline leaves nothing to decide, and what they are called. */
const timing = { policy: '--policy', threshold: '--threshold', heads: '--heads', cooldown: '--cooldown' };
const looking = {
  keepTurns: '--keep-turns',
  maxReplyTokens: '--max-reply-tokens',
  repetitionPenalty: '--repetition-penalty',
  promptLayout: '--prompt-layout',
  frames: '--frames',
  realtime: '--realtime',
};

/**
 * Throws 'invalid_request' for flags that would be silently ignored, or that make no sense together.
 */
export function refuseVainFlags(benchmark: Benchmark, flags: BenchFlags): void {
  const { onlyQueue, queue, devAnnotations, devVideos, sweep, judgeDryRun, frames, realtime } = flags;
  if (onlyQueue && queue === undefined) refuse('--only-queue', 'needs --queue: where the workers wait');
  if (devVideos !== undefined && devAnnotations === undefined)
    refuse(`--dev-videos ${devVideos}`, 'needs --dev-annotations: the questions to ask of the videos');
  if (frames === 'shuffled' && realtime)
    refuse('--realtime', 'cannot play --frames shuffled: all of a clip must be there before its first frame');
  if (judgeDryRun)
    refuse(
      '--judge-dry-run',
      'needs predictions first: run with --judge lexical, then ' +
        '`duet score --judge-dry-run` on its predictions.jsonl',
    );
  refuseBesideBaseline(benchmark, flags);
  const chooses = sweep !== undefined || flags.baseline?.type === 'majority';
  if (devAnnotations !== undefined && !chooses && benchmark.session.speaks)
    refuse(`--dev-annotations ${devAnnotations}`, 'needs --sweep: the thresholds to choose from');
}

function refuseBesideBaseline({ name, session }: Benchmark, flags: BenchFlags): void {
  if (flags.baseline === undefined) return;
  const baseline = `--baseline ${baselineName(flags.baseline)}`;
  if (!session.speaks) {
    const speaking = benchmarks.filter((other) => other.session.speaks).map((other) => other.name);
    refuse(
      baseline,
      `says who speaks when, but ${name} scores frames, not replies; it is for ${speaking.join(', ')}`,
    );
  }
  const majority = flags.baseline.type === 'majority';
  const vain = { sweep: '--sweep', ...timing, ...(majority ? looking : {}) };
  const given = Object.entries(vain).find(([flag]) => flags[flag] !== undefined);
  if (given !== undefined) refuse(given[1], `has no effect beside ${baseline}; leave one of them out`);
}

function refuse(flag: string, remedy: string): never {
  throw new DuetError('invalid_request', `${flag} ${remedy}`);
}
