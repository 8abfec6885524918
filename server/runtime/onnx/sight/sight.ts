import { z } from 'zod';
import type { Picture } from '../../../video/frame.js';
import { isAssociation, type Association } from '../../detector/association.js';

/**
 * Turns the pictures of a context into frame embeddings. Contexts share it; what one has seen is passed
 * along.
 */
export interface Sight {
  /**
   * The embeddings of `pictures`, which follow what `before` remembers. Throws 'invalid_request' for a
   * picture of another size, and what `refuseIfAborted` throws, which is called before every model call.
   */
  look(
    pictures: readonly Picture[],
    before: SightMemory,
    refuseIfAborted: () => void,
  ): Promise<EmbeddedFrames>;
}

/** What a context remembers of the pictures it has seen, besides its tokens; null: nothing. Never changed. */
export type SightMemory = Association | null;

/** See {@link Sight}. */
export interface EmbeddedFrames {
  /** [pictures * tokensPerFrame, hidden] */
  readonly embeddings: Float32Array;
  /** What is remembered after each picture. */
  readonly memories: readonly SightMemory[];
}

/** A memory that comes back in a mark. */
export const sightMemorySchema = z.custom<SightMemory>((value) => value === null || isAssociation(value));
