import type { ContextMemory, MemoryOptions } from './memory.js';
import { RenewedContext } from './renewed-context.js';
import { WindowedContext } from './windowed-context.js';

/**
 * Opens a memory with the strategy of the settings, if the model can evict. Throws 'context_full' if the
 * system prompt is too long for the model, and what opening a context throws.
 */
export function openMemory(options: MemoryOptions): Promise<ContextMemory> {
  const { evict, capacity } = options.model.capabilities;
  const windowed = options.settings().memory === 'windows' && evict && capacity !== null;
  return windowed ? WindowedContext.open(options) : RenewedContext.open(options);
}
