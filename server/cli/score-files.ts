import { closeSync, openSync, writeSync } from 'node:fs';
import { DuetError } from '../errors.js';
import type { PredictionSource } from '../scoring/data/match-predictions.js';
import type { Prediction } from '../scoring/data/prediction.js';
import { readPredictions } from '../scoring/data/read-predictions.js';
import type { SharedFlags } from './score-flags.js';

/**
 * The predictions of a file, to be read once. A file without one is a fault: its figures would be those of
 * silence.
 */
export function predictionsIn(file: string, frames: boolean): PredictionSource {
  return { file, predictions: atLeastOne(file, readPredictions(file, { frames })) };
}

async function* atLeastOne(file: string, predictions: AsyncIterable<Prediction>): AsyncGenerator<Prediction> {
  let isEmpty = true;
  for await (const prediction of predictions) {
    isEmpty = false;
    yield prediction;
  }
  if (isEmpty) throw new DuetError('invalid_request', `${file}: holds no prediction that can be scored`);
}

/** What becomes of predictions nobody annotated. */
export function unknownRule(flags: Pick<SharedFlags, 'skipUnknown'>): 'fail' | 'skip' {
  return flags.skipUnknown === true ? 'skip' : 'fail';
}

/** What becomes of annotations nobody predicted. */
export function missingRule(flags: {
  readonly missing?: 'zero' | 'skip';
  readonly mode: SharedFlags['mode'];
}): 'zero' | 'skip' {
  return flags.missing ?? (flags.mode === 'compat' ? 'skip' : 'zero');
}

/** Opens a file, emptied, for writing lines into it as they come. */
export function openForWriting(file: string): { writeLine(line: string): void; close(): void } {
  try {
    const descriptor = openSync(file, 'w');
    return {
      writeLine: (line) => {
        writeSync(descriptor, `${line}\n`);
      },
      close: () => {
        closeSync(descriptor);
      },
    };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DuetError('invalid_request', `${file}: cannot be written: ${reason}`, { cause });
  }
}
