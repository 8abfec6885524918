import type { Baseline } from '../../scoring/runner/baselines/baseline.js';
import type { PlaySettings } from '../../scoring/runner/settings.js';

type Ablation = Pick<PlaySettings, 'baseline' | 'frames'>;

/** What was changed about the model's work, in a few words for a title. */
export function ablationNames({ baseline, frames }: Ablation): string[] {
  return [
    ...(baseline === null ? [] : [`baseline ${baseline.type}`]),
    ...(frames === 'video' ? [] : [`${frames} frames`]),
  ];
}

/** What a reader must know of a run that is not simply the model's. */
export function ablationNotes({ baseline, frames }: Ablation): string[] {
  return [
    ...(baseline === null ? [] : [`baseline ${baseline.type}: ${meaningOf(baseline)}`]),
    ...(frames === 'black' ? ['the model saw black pictures at the times of the frames'] : []),
    ...(frames === 'shuffled' ? ["the model saw every clip's own pictures in a shuffled order"] : []),
  ];
}

function meaningOf(baseline: Baseline): string {
  switch (baseline.type) {
    case 'every-frame':
      return 'the model spoke after every frame, whatever its scores';
    case 'uniform':
      return `the model spoke every ${baseline.interval} s, whatever its scores`;
    case 'oracle-times':
      return 'the model spoke in the middle of every gold span, which it cannot know by itself';
    case 'majority':
      return `no model: ${JSON.stringify(baseline.answer)} was said in the middle of every gold span, at times taken from the gold`;
    default:
      return baseline satisfies never;
  }
}
