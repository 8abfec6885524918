import { Command, InvalidArgumentError } from 'commander';
import type { CaptionType } from '../../captioning/caption-files.js';
import type { CaptionPlan } from '../../captioning/plan.js';
import { addModelOptions, configOf } from '../flags/config-flags.js';
import { numberBetween, wholeBetween } from '../flags/number-flags.js';
import { namedPath } from '../flags/path-flag.js';
import {
  addMemoryOptions,
  addSamplingOptions,
  addTurnOptions,
  type SessionFlags,
} from '../flags/session-flags.js';
import { suitedPlace } from '../flags/suited-place.js';
import { exitCodes, oneLine } from '../terminal/exit-code.js';
import { untilInterrupted } from '../terminal/interruption.js';
import { ProgressBar } from '../terminal/progress-bar.js';
import { summaryOf } from './caption-summary.js';

interface Flags extends SessionFlags, Record<string, unknown> {
  readonly output: string;
  readonly format: readonly CaptionType[];
  readonly ask: string;
  readonly every?: number;
  readonly language?: string;
  readonly recursive?: true;
  readonly force?: true;
  readonly jobs?: number;
}

const details = `
The model captions what it finds worth telling; --every makes it say something at least so often besides. Several
videos are captioned at once. The same command after Ctrl-C, a kill or a power cut goes on where it stopped, and writes
the same files; what is done is not done again, unless the video or a flag has changed. A file that this command has
not written, or that you have changed, is never overwritten without --force.

The exit code is 1 if any video failed, 2 for a mistake in the command, 130 after Ctrl-C.

Examples:
  duet caption holiday.mp4 -o captions                 captions/holiday.srt, .vtt and .json
  duet caption talks --recursive -o captions --every 20
  duet caption 'talks/*.mkv' -o captions --format srt --language de     captions/*.de.srt
  duet caption talks -o captions --sampler keyframes   decodes key frames only: fast, and less is seen
  duet caption samples/clips -o captions --format jsonl --model duet-nano   for duet score dense-captioning`;

/** `duet caption`: videos in, files of captions out. */
export function captionCommand(): Command {
  const command = new Command('caption')
    .description('write the captions of videos to files: subtitles, tables, JSON')
    .argument('<videos...>', 'video files, folders of them, or patterns such as "talks/*.mp4"')
    .requiredOption('-o, --output <folder>', 'folder of the captions', namedPath)
    .option('--format <names>', `of ${formatNames.join(',')}`, parseFormats, defaultFormats)
    .option('--every <seconds>', 'most seconds of video without a caption', numberBetween(0.1, 86_400))
    .option(
      '--language <tag>',
      'language to ask for, as in de or pt-BR; not every model knows several',
      parseLanguage,
    )
    .option('--ask <text>', 'what the model is asked', 'Narrate the video.')
    .option('--recursive', 'also the videos in the folders below a folder')
    .option('--force', 'overwrite files that this command has not written')
    .option('--jobs <number>', 'videos at once (default: the cores)', wholeBetween(1, 64));
  addMemoryOptions(addSamplingOptions(addTurnOptions(addModelOptions(command)))).addHelpText(
    'after',
    details,
  );
  return command.action(caption);
}

async function caption(paths: readonly string[], flags: Flags): Promise<void> {
  const plan = await planOf(paths, flags);
  const { captionVideos } = await import('../../captioning/caption-videos.js');
  const bar = new ProgressBar('videos');
  const beganMs = performance.now();
  const outcomes = await untilInterrupted((signal) =>
    captionVideos(plan, {
      signal,
      onWarning: tell,
      onProgress: ({ done, total, share }) => {
        bar.show('captioning', Math.round(share * 1000), 1000, `${done}/${total}`);
      },
    }),
  ).finally(() => {
    bar.end();
  });
  const { table, totals, complaints } = summaryOf(outcomes, (performance.now() - beganMs) / 1000);
  process.stdout.write(`${table}\n`);
  complaints.forEach(tell);
  tell(`${totals}; the captions are in ${plan.folder}`);
  if (outcomes.some(({ type }) => type === 'failed')) process.exitCode = exitCodes.failed;
}

async function planOf(paths: readonly string[], flags: Flags): Promise<CaptionPlan> {
  const config = await configOf(flags);
  const { findVideos } = await import('../../captioning/find-videos.js');
  const { output, format, ask, every, language, force, jobs, sampler, maxFrames } = flags;
  return {
    videos: await findVideos(paths, { recursive: flags.recursive === true }),
    folder: output,
    formats: format,
    force: force === true,
    ...{ ask, every, language, jobs, sampler, maxFrames, session: flags },
    model: await suitedPlace(config, 'real'),
    workers: config.workers,
    allowBundledFfmpeg: config.allowBundledFfmpeg,
  };
}

/** Loaded with the help, which the rest of the captioner is too large for. */
const formatNames = ['srt', 'vtt', 'csv', 'json', 'jsonl'] as const satisfies readonly CaptionType[];
const defaultFormats: readonly CaptionType[] = ['srt', 'vtt', 'json'];

function parseFormats(value: string): readonly CaptionType[] {
  const named = [...new Set(value.split(',').map((name) => name.trim()))];
  return named.map((name) => {
    const format = formatNames.find((known) => known === name);
    if (format !== undefined) return format;
    throw new InvalidArgumentError(`${JSON.stringify(name)} is none of ${formatNames.join(', ')}`);
  });
}

function parseLanguage(value: string): string {
  try {
    const [tag] = Intl.getCanonicalLocales(value);
    if (tag !== undefined && new Intl.DisplayNames('en', { type: 'language' }).of(tag) !== tag) return tag;
  } catch {
    // Not even in the form of a tag.
  }
  throw new InvalidArgumentError('it is no language tag such as en, de or pt-BR');
}

function tell(message: string): void {
  process.stderr.write(`duet: ${oneLine(message)}\n`);
}
