import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DuetError } from '../../errors.js';
import type { Manifest } from '../folder/manifest.js';

/**
 * The three graphs of an exported model in `folder`, in one variant: the one that is asked for, else the
 * first that its decoder exists in. The small graphs may be of another variant where theirs does not exist.
 * Throws 'not_found' naming what is missing and what there is.
 */
export function findGraphs(folder: string, wanted: string | null): FoundGraphs {
  const there = (part: Part) => variants.filter(({ suffix }) => existsSync(pathOf(folder, part, suffix)));
  const decoders = there('decoder_model_merged');
  const decoder = wanted === null ? decoders[0] : decoders.find(({ name }) => name === wanted);
  if (decoder === undefined) throw missing(folder, 'decoder_model_merged', wanted, decoders);
  const pathFor = (part: Part): string => {
    const found = there(part);
    const fitting = found.find(({ name }) => name === decoder.name) ?? found[0];
    if (fitting === undefined) throw missing(folder, part, null, []);
    return pathOf(folder, part, fitting.suffix);
  };
  return {
    variant: decoder.name,
    precision: decoder.precision,
    decoder: pathOf(folder, 'decoder_model_merged', decoder.suffix),
    embed: pathFor('embed_tokens'),
    vision: pathFor('vision_encoder'),
  };
}

/**
 * The exported model at a place: a folder, with or without `folder:`, and with or without a variant behind
 * it, as in `./model:q4`. Null if the place is nothing of the kind: a folder without `onnx/`, or with a
 * manifest of ours.
 */
export function exportedPlace(place: string): ExportedPlace | null {
  const named = place.replace(/^folder:/, '');
  const variant = variants.find(({ name }) => named.endsWith(`:${name}`))?.name ?? null;
  const path = resolve(variant === null ? named : named.slice(0, -variant.length - 1));
  const isExport = existsSync(join(path, 'onnx')) && existsSync(join(path, 'config.json'));
  return isExport && !existsSync(join(path, 'manifest.json')) ? { path, variant } : null;
}

/** See {@link exportedPlace}. */
export interface ExportedPlace {
  readonly path: string;
  readonly variant: string | null;
}

/** Paths of the graphs of an exported model. */
export interface FoundGraphs {
  readonly variant: string;
  readonly precision: Manifest['precision'];
  readonly vision: string;
  readonly embed: string;
  readonly decoder: string;
}

type Part = 'vision_encoder' | 'embed_tokens' | 'decoder_model_merged';

/** Ends of file names that exports give to their number formats; those that suit a CPU best come first. */
const variants = [
  { name: 'fp32', suffix: '', precision: 'fp32' },
  { name: 'q4', suffix: '_q4', precision: 'int4' },
  { name: 'q8', suffix: '_quantized', precision: 'int8' },
  { name: 'int8', suffix: '_int8', precision: 'int8' },
  { name: 'uint8', suffix: '_uint8', precision: 'int8' },
  { name: 'bnb4', suffix: '_bnb4', precision: 'int4' },
  { name: 'fp16', suffix: '_fp16', precision: 'fp16' },
  { name: 'q4f16', suffix: '_q4f16', precision: 'int4' },
] as const;

type Variant = (typeof variants)[number];

function pathOf(folder: string, part: Part, suffix: string): string {
  return join(folder, 'onnx', `${part}${suffix}.onnx`);
}

function missing(folder: string, part: Part, wanted: string | null, found: readonly Variant[]): DuetError {
  const suffix = variants.find(({ name }) => name === wanted)?.suffix ?? '';
  const there = found.length === 0 ? '' : `; there is ${found.map(({ name }) => name).join(', ')}`;
  return new DuetError(
    'not_found',
    `${pathOf(folder, part, suffix)} is missing${there}; download it from where the folder comes from`,
  );
}
