import type { HandledSource } from '../handled-source.js';
import { SourceHandler } from '../handler.js';
import type { SharedReader } from './shared-reader.js';
import { SharedSource } from './shared-source.js';

/**
 * Opens sources so that a live one which several sessions want is fetched and decoded once. Those share it
 * that ask with the same key and for frames at its rate, or at a whole fraction of it.
 */
export class SharedSources {
  readonly #byKey = new Map<string, Set<SharedSource>>();

  /**
   * Opens a source, or joins one that is open. `key` tells all that makes a difference but the frame rate:
   * the address with its secrets, the picture's size, and who may use it; null for a source that is not
   * shared. Throws what `SourceHandler.open` throws.
   */
  async open(
    handled: HandledSource,
    key: string | null,
    signal: AbortSignal,
  ): Promise<SharedReader | SourceHandler> {
    const { fps, maxFrames } = handled.options;
    if (key === null || maxFrames !== undefined) return SourceHandler.open(handled, signal);
    const [open] = [...(this.#byKey.get(key) ?? [])].filter((shared) => shared.serves(fps));
    if (open === undefined) return this.#begin(handled, key, signal);
    return (await open.join(handled, signal)) ?? SourceHandler.open(handled, signal);
  }

  /** Sources that can be joined. */
  get size(): number {
    return [...this.#byKey.values()].reduce((sum, { size }) => sum + size, 0);
  }

  #begin(handled: HandledSource, key: string, signal: AbortSignal): Promise<SharedReader | SourceHandler> {
    const sources = this.#byKey.get(key) ?? new Set<SharedSource>();
    this.#byKey.set(key, sources);
    const shared = new SharedSource(handled, () => {
      sources.delete(shared);
      if (sources.size === 0 && this.#byKey.get(key) === sources) this.#byKey.delete(key);
    });
    sources.add(shared);
    return shared.joinFirst(handled, signal);
  }
}
