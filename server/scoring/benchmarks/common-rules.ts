import { z } from 'zod';
import type { Mode } from '../mode.js';
import type { TaskSettings } from '../../settings/task-settings.js';

/** How much of a video may be known when a frame is scored. */
export const protocolRule = z.enum(['offline', 'live']).default('offline').meta({
  value: 'name',
  description: 'what may be seen: the whole video, or no later frame',
});

/** How to treat annotations without a prediction; the default depends on the mode. */
export const missingRule = z.enum(['zero', 'skip']).optional().meta({
  value: 'rule',
  description: 'annotations without prediction: 0, or left out',
});

/** The number of frames to either side over which scores are smoothed. */
export const windowRule = z.int().nonnegative().optional().meta({
  value: 'frames',
  description: 'smoothing window to report',
});

/** The published scripts leave out what was not predicted. */
export function missingIn(mode: Mode, rule: 'zero' | 'skip' | undefined): 'zero' | 'skip' {
  return rule ?? (mode === 'compat' ? 'skip' : 'zero');
}

/**
 * Settings of MMDuet's run scripts (arXiv 2411.17991) for answering questions; every comparison with a
 * threshold is strict.
 */
export const publishedAnswering: TaskSettings = {
  fps: 2,
  maxFrames: 400,
  heads: ['informative', 'relevance'],
  policy: { type: 'threshold', threshold: 0.5 },
  assistantTurns: 'remove',
  cooldown: 0,
};

/** The same for benchmarks that use only frame scores. */
export const publishedScoring: TaskSettings = { ...publishedAnswering, policy: { type: 'never' } };
