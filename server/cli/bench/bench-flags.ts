import { availableParallelism } from 'node:os';
import { Option, type Command } from 'commander';
import { baselineNames, type BaselineRequest } from '../../scoring/runner/play/baselines.js';
import { frameKinds, type SeenFrames } from '../../scoring/runner/play/frames-seen.js';
import { predictionFormats, type PredictionFormat } from '../../scoring/runner/runs/predictions.js';
import { presetNames, type PresetName } from '../../scoring/runner/play/settings.js';
import { addModelOptions } from '../flags/config-flags.js';
import { wholeBetween } from '../flags/number-flags.js';
import {
  addLayoutOption,
  addMemoryOptions,
  addSamplingOptions,
  addTurnOptions,
  type SessionFlags,
} from '../flags/session-flags.js';
import { parseBaseline, parseThresholds } from './flag-values.js';

/** Flags that say what is played and how. */
export interface RunFlags extends SessionFlags, Readonly<Record<string, unknown>> {
  readonly annotations?: string;
  readonly videos?: string;
  readonly output?: string;
  readonly preset: PresetName;
  readonly jobs: number;
  readonly limit?: number;
  readonly realtime?: true;
  readonly baseline?: BaselineRequest;
  readonly frames?: Exclude<SeenFrames, 'video'>;
  readonly sweep?: readonly number[];
  readonly devAnnotations?: string;
  readonly devVideos?: string;
  readonly restart?: true;
  readonly dryRun?: true;
  readonly failFast?: true;
  readonly predictionFormat?: PredictionFormat;
  readonly queue?: string | true;
  readonly onlyQueue?: true;
}

/** Adds the flags of playing a benchmark. */
export function addRunOptions(command: Command): Command {
  command
    .option('--annotations <file>', 'questions with their answers (default: those of the bundled test set)')
    .option('--videos <folder>', 'where the videos lie (default: beside the annotations)')
    .option(
      '-o, --output <folder>',
      'where everything goes; a stopped run goes on there (default: duet-bench/<name>)',
    )
    .addOption(
      new Option('--preset <name>', "settings: the model maker's, or those of MMDuet's published run")
        .choices(presetNames)
        .default('model'),
    );
  return addWorkOptions(addAblationOptions(addSamplingOptions(addLayoutOption(addModelOptions(command)))))
    .option('--dev-annotations <file>', 'a development split: what can be chosen is chosen on it')
    .option('--dev-videos <folder>', 'its videos (default: beside its annotations)');
}

/** Adds the flags of benchmarks in which the model speaks. Elsewhere `--window` has another meaning. */
export function addSpeakingOptions(command: Command): Command {
  return addMemoryOptions(addTurnOptions(command)).option(
    '--sweep <thresholds>',
    'figures at other thresholds too: 0.3,0.4,0.5 or from:to:step',
    parseThresholds,
  );
}

function addAblationOptions(command: Command): Command {
  return command
    .option(
      '--baseline <name>',
      'who speaks when, instead of the model: ' +
        `${baselineNames.join(', ')}; uniform:SECONDS names the interval`,
      parseBaseline,
    )
    .addOption(
      new Option('--frames <kind>', 'what the model sees instead of the video').choices(
        frameKinds.filter((kind) => kind !== 'video'),
      ),
    );
}

function addWorkOptions(command: Command): Command {
  return command
    .option('--jobs <n>', 'questions played at once', wholeBetween(1, 256), availableParallelism())
    .option('--limit <n>', 'only the first questions', wholeBetween(1, 1e9))
    .option('--realtime', 'play at the pace of the videos, which measures delivery')
    .option('--dry-run', 'print what a model behind an API would be asked and cost, and ask nothing')
    .option('--restart', 'forget what was played before')
    .option('--fail-fast', 'end at the first video that is missing or broken')
    .addOption(
      new Option(
        '--prediction-format <format>',
        'frame scores in predictions.jsonl; legacy is for the published scorers ' +
          'of grounding and highlights (default: current)',
      ).choices(predictionFormats),
    )
    .option(
      '--queue [redis]',
      'share the work with `duet bench worker`s (default: $DUET_REDIS_URL, redis://127.0.0.1:6379)',
    )
    .option('--only-queue', 'leave the work to the workers');
}
