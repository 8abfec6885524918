import { Command, Option } from 'commander';
import type { BuildOptions, BuildProgress, BuildReport } from '../../builder/build-options.js';
import type { ListedModel } from '../../runtime/folder/model-list.js';
import { namedPath } from '../flags/path-flag.js';
import { onInterruption } from '../terminal/interruption.js';
import { foldCommand } from './fold-command.js';
import { inspectCommand } from './inspect-command.js';
import { megabytes } from './megabytes.js';

/** `duet model`: build, fold, inspect and list models. */
export function modelCommand(): Command {
  return new Command('model')
    .description('build, fold, inspect and list duet models')
    .addCommand(buildCommand())
    .addCommand(foldCommand())
    .addCommand(inspectCommand())
    .addCommand(listCommand())
    .addHelpText('after', '\nExample:\n  duet model list');
}

function buildCommand(): Command {
  return new Command('build')
    .description('build a duet model folder from a Hugging Face checkpoint')
    .argument('<checkpoint>', 'folder with config.json, *.safetensors and tokenizer.json')
    .requiredOption('-o, --output <folder>', 'folder of the model to be made', namedPath)
    .option('--adapter <folder>', 'LoRA adapter (PEFT) to merge in')
    .addOption(
      new Option(
        '--precision <precision>',
        'precision of the weights; fastest: fp32 or int8, as measured here',
      )
        .choices(['fp32', 'fp16', 'int8', 'int4', 'fastest'])
        .default('fp32'),
    )
    .addHelpText('after', '\nExample:\n  duet model build models/duet-nano/checkpoint -o my-model')
    .action(async (checkpoint: string, flags: BuildFlags) => {
      await build({ checkpoint, ...flags });
    });
}

/** The flags of `duet model build`. */
type BuildFlags = Omit<BuildOptions, 'checkpoint' | 'precision'> & {
  readonly precision: BuildOptions['precision'] | 'fastest';
};

async function build(flags: BuildFlags & { readonly checkpoint: string }): Promise<void> {
  // Imported in the actions, so that help does not wait for the builder.
  const { buildModel } = await import('../../builder/build-model.js');
  const interruption = onInterruption();
  try {
    const precision =
      flags.precision === 'fastest' ? await measurePrecision(flags.checkpoint) : flags.precision;
    const report = await buildModel({ ...flags, precision }, showProgress, interruption.signal);
    clearProgress();
    const { name, version } = report.manifest;
    process.stdout.write(`${report.output}: ${name} ${version} (${precision}), ${megabytes(report.bytes)}\n`);
    for (const line of describeSkipped(report)) process.stdout.write(`  ${line}\n`);
  } finally {
    interruption.stop();
  }
}

async function measurePrecision(checkpoint: string): Promise<'fp32' | 'int8'> {
  const { fastestPrecision } = await import('../../builder/fastest-precision.js');
  const { precision, timesFaster } = await fastestPrecision(checkpoint);
  process.stdout.write(
    `${precision}: int8 multiplies ${timesFaster.toFixed(1)} times as fast as fp32 here\n`,
  );
  return precision;
}

/** What was left out of the model, one line per reason. */
function describeSkipped({ skipped }: BuildReport): string[] {
  const counts = new Map<string, number>();
  for (const { reason } of skipped) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => `left out ${count} tensors: ${reason}`);
}

function listCommand(): Command {
  return new Command('list')
    .description('list the models in a folder')
    .argument('[folders...]', 'folders to look in (default: the bundled models)')
    .option('--json', 'print JSON, one model a line')
    .addHelpText('after', '\nExample:\n  duet model list')
    .action(async (folders: string[], { json }: { json?: boolean }) => {
      const { modelsFolder, placeOfFolder } = await import('../../runtime/find-model.js');
      const { listModels } = await import('../../runtime/folder/model-list.js');
      for (const model of await listModels(folders.length > 0 ? folders : [modelsFolder])) {
        const listed = { ...model, place: placeOfFolder(model.path) };
        process.stdout.write(`${json === true ? JSON.stringify(listed) : describeListed(listed)}\n`);
      }
    });
}

/** One line: what the model is, what to write after `--model`, and the folder of a bundled one. */
function describeListed(listed: ListedModel & { readonly place: string }): string {
  if (listed.type === 'broken') return `broken: ${listed.path}: ${listed.problem}`;
  const { name, version, precision, bytes, place, path } = listed;
  const folder = place.startsWith('folder:') ? '' : `  ${path}`;
  return `${name} ${version} (${precision}, ${megabytes(bytes)})  ${place}${folder}`;
}

function showProgress({ step, done, total, bytes }: BuildProgress): void {
  if (process.stderr.isTTY)
    process.stderr.write(`\r\u001b[K${step} (${done} of ${total}), ${megabytes(bytes)}`);
}

function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
}
