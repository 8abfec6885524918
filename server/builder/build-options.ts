import type { Manifest } from '../runtime/folder/manifest.js';
import type { SkippedTensor } from './checkpoint/leftover-tensors.js';
import type { GraphName } from './graphs/build-graphs.js';

/** What to build, and from what. */
export interface BuildOptions {
  /** Folder with config.json, safetensors weights and tokenizer.json. */
  readonly checkpoint: string;
  /** Folder of a PEFT LoRA adapter to merge in. */
  readonly adapter?: string | undefined;
  readonly precision: Manifest['precision'];
  /** Folder for the model; an earlier model in it is replaced, other files stay. */
  readonly output: string;
}

/** How far a build is. */
export interface BuildProgress {
  readonly step: GraphName | 'checksums';
  /** Steps done and in all; they never decrease. */
  readonly done: number;
  readonly total: number;
  /** Bytes of weights written so far. */
  readonly bytes: number;
}

/** The result of a build. */
export interface BuildReport {
  /** Absolute path of the model folder. */
  readonly output: string;
  readonly manifest: Manifest;
  /** Total size of all listed files. */
  readonly bytes: number;
  /** Tensors of the checkpoint that were deliberately left out, and why. */
  readonly skipped: readonly SkippedTensor[];
}
