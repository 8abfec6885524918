import type { ContextMemory, MemoryOptions } from './memory.js';
import { RenewedContext } from './renewed-context.js';

/**
 * Opens a context of the model with the strategy that suits it: today every context is renewed when it is
 * full. Throws 'context_full' when the system prompt is too long for the model, and what opening a context
 * throws.
 */
export function openMemory(options: MemoryOptions): Promise<ContextMemory> {
  return RenewedContext.open(options);
}
