import type { ContextMemory, MemoryOptions } from './memory.js';
import { RenewedContext } from './renewed-context.js';

/**
 * Opens a memory with the strategy that suits the model; so far every context is renewed when full. Throws
 * 'context_full' if the system prompt is too long for the model, and what opening a context throws.
 */
export function openMemory(options: MemoryOptions): Promise<ContextMemory> {
  return RenewedContext.open(options);
}
