import type { Manifest } from '../../runtime/folder/manifest.js';
import type { MatrixFormat } from './stored-matrix.js';

/** How each part of a model is stored. */
export interface PrecisionPlan {
  readonly vision: MatrixFormat;
  readonly decoder: MatrixFormat;
  readonly languageHead: MatrixFormat;
  readonly embeddings: 'fp32' | 'fp16';
}

/**
 * What a precision means part by part. With int4 only the decoder's layers take 4 bits: they are nearly all of a large model, while the
 * vision tower and the language head suffer most from it. Embeddings are looked up, not multiplied, so they are never quantised.
 */
export const precisionPlans: Readonly<Record<Manifest['precision'], PrecisionPlan>> = {
  fp32: { vision: 'fp32', decoder: 'fp32', languageHead: 'fp32', embeddings: 'fp32' },
  fp16: { vision: 'fp16', decoder: 'fp16', languageHead: 'fp16', embeddings: 'fp16' },
  int8: { vision: 'int8', decoder: 'int8', languageHead: 'int8', embeddings: 'fp16' },
  int4: { vision: 'int8', decoder: 'int4', languageHead: 'int8', embeddings: 'fp16' },
};
