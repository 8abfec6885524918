import { Command, Option } from 'commander';
import type { FoldOptions, FoldProgress } from '../../builder/fold/fold-checkpoint.js';
import { namedPath } from '../flags/path-flag.js';
import { onInterruption } from '../terminal/interruption.js';
import { megabytes } from './megabytes.js';

/** `duet model fold`: a checkpoint of which GPU engines tell the scores. */
export function foldCommand(): Command {
  return new Command('fold')
    .description(
      'fold the two heads of a checkpoint into its language head, for GPU engines such as vLLM and SGLang',
    )
    .argument('<checkpoint>', 'folder with config.json, *.safetensors and tokenizer.json')
    .requiredOption('-o, --output <folder>', 'folder to be made', namedPath)
    .option('--adapter <folder>', 'LoRA adapter (PEFT) to merge in')
    .addOption(
      new Option('--layout <layout>', 'names and config.json: transformers (vLLM), original (SGLang)')
        .choices(['transformers', 'original'])
        .default('transformers'),
    )
    .addOption(
      new Option('--dtype <type>', 'type of the weights (default: as they are stored)').choices([
        ...['float32', 'bfloat16', 'float16'],
      ]),
    )
    .option('--heads-only', 'write only heads.safetensors, for engines that give hidden states')
    .addHelpText(
      'after',
      '\nExample:\n  duet model fold ./llava-onevision-qwen2-7b-ov --adapter ./MMDuet -o ./mmduet-folded',
    )
    .action(async (checkpoint: string, flags: FoldFlags) => {
      await fold({ checkpoint, ...flags });
    });
}

type FoldFlags = Pick<FoldOptions, 'output' | 'adapter' | 'layout' | 'dtype'> & {
  readonly headsOnly?: boolean;
};

async function fold({ headsOnly = false, ...options }: FoldOptions & FoldFlags): Promise<void> {
  if (headsOnly) {
    const { writeHeads } = await import('../../builder/fold/write-heads.js');
    process.stdout.write(`${await writeHeads(options)}: the heads of ${options.checkpoint}\n`);
    return;
  }
  const { foldCheckpoint } = await import('../../builder/fold/fold-checkpoint.js');
  const interruption = onInterruption();
  try {
    const { output, bytes, vocabularySize, tokens } = await foldCheckpoint(
      options,
      show,
      interruption.signal,
    );
    clear();
    process.stdout.write(`${output}: ${megabytes(bytes)} of weights, a vocabulary of ${vocabularySize}\n`);
    for (const [head, { no, yes }] of [
      ['informative', tokens.informative],
      ['relevance', tokens.relevance],
    ] as const) {
      process.stdout.write(`  ${head}: no ${no.id} ${no.text}, yes ${yes.id} ${yes.text}\n`);
    }
  } finally {
    interruption.stop();
  }
}

function show({ done, total }: FoldProgress): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(`\r\u001b[K${megabytes(done)} of ${megabytes(total)}`);
}

function clear(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
}
