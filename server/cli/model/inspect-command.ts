import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import type { EngineAdvice } from '../../builder/engines/engine-advice.js';
import { DuetError } from '../../errors.js';
import type { ExportedPlace } from '../../runtime/prompted/graph-variants.js';
import { megabytes } from './megabytes.js';

/** `duet model inspect`: what a folder holds, and how to use it. */
export function inspectCommand(): Command {
  return new Command('inspect')
    .description('show what a model is and check its files, or which engine serves a checkpoint')
    .argument('[model]', 'name of a bundled model, or path of a folder as in ./my-model', 'duet-nano')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  duet model inspect duet-nano')
    .action(async (model: string, { json = false }: { json?: boolean }) => {
      const { exportedPlace } = await import('../../runtime/prompted/graph-variants.js');
      const exported = exportedPlace(model);
      if (exported !== null) await showExported(model, exported, json);
      else if (holdsCheckpoint(model)) await showCheckpoint(model, json);
      else await showModel(model, json);
    });
}

/** Whether a folder holds a checkpoint or an adapter instead of a model. */
function holdsCheckpoint(folder: string): boolean {
  const holds = (file: string): boolean => existsSync(join(folder, file));
  return !holds('manifest.json') && (holds('config.json') || holds('adapter_config.json'));
}

async function showModel(model: string, json: boolean): Promise<void> {
  const { findModelFolder } = await import('../../runtime/find-model.js');
  const { inspectModel } = await import('../../builder/inspect-model.js');
  const folder = findModelFolder(model);
  const inspection = await inspectModel(folder);
  const { files, ...manifest } = inspection.manifest;
  print(JSON.stringify(manifest, null, json ? 0 : 2));
  for (const file of json ? [] : inspection.files) {
    print(`${file.name.padEnd(20)} ${megabytes(file.bytes).padStart(10)}  ${file.state}`);
  }
  if (!inspection.good) {
    const bad = inspection.files.filter(({ state }) => state !== 'good').map(({ name }) => name);
    throw new DuetError(
      'model_failed',
      `${folder}: not as its manifest says: ${bad.join(', ')} of ${Object.keys(files).length} files`,
    );
  }
}

async function showExported(place: string, { path, variant }: ExportedPlace, json: boolean): Promise<void> {
  const { readPromptedFolder } = await import('../../runtime/prompted/prompted-folder.js');
  const { manifest, graphs, prompts, askEvery } = await readPromptedFolder(path, variant);
  const described = { ...manifest, files: undefined, graphs, prompts, askEvery };
  print(JSON.stringify(described, null, json ? 0 : 2));
  if (!json)
    print(`It was exported for transformers.js and runs as it is: duet watch VIDEO --model ${place}`);
}

async function showCheckpoint(folder: string, json: boolean): Promise<void> {
  const { engineAdvice } = await import('../../builder/engines/engine-advice.js');
  const { requireReadableFamily } = await import('../../builder/checkpoint/checkpoint-family.js');
  const advice = await engineAdvice(folder);
  // An adapter alone, of which it says how to use it.
  if (advice === null) return requireReadableFamily(folder);
  if (json) print(JSON.stringify(advice));
  else for (const line of linesOf(folder, advice)) print(line);
}

function linesOf(folder: string, advice: EngineAdvice): string[] {
  switch (advice.kind) {
    case 'ours':
      return [
        `${folder} is a checkpoint of ${advice.name} (${advice.architecture}). Duet runs it itself, once it is built:`,
        `  duet model build ${folder} -o ./my-model`,
        'On a GPU engine (docs/run-on-a-gpu-engine.md):',
        `  duet model fold ${folder} -o ./my-folded-checkpoint`,
      ];
    case 'known':
      return [
        `${folder} is a checkpoint of ${advice.name} (${advice.architecture}). An engine serves it, and Duet watches through it:`,
        ...(advice.note === null ? [] : [`  (${advice.note})`]),
        ...commandLines(advice),
      ];
    case 'unknown':
      return [
        `${folder} is a checkpoint of ${advice.architecture}, which Duet does not know. It seems to see pictures; an engine ` +
          'may serve it, if its documentation names this class:',
        ...commandLines(advice),
      ];
    default:
      return advice satisfies never;
  }
}

function commandLines({ commands }: Exclude<EngineAdvice, { kind: 'ours' }>): string[] {
  return commands.flatMap(({ title, serve, model, note }) => [
    `${title}${note === undefined ? '' : ` (${note})`}`,
    ...serve.map((command) => `  ${command}`),
    `  duet watch VIDEO --model ${model}`,
  ]);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
