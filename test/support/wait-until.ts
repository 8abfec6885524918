import { vi } from 'vitest';

/** Waits for a condition as long as a busy machine may need; vitest's own patience is one second. */
export async function waitUntil(condition: () => boolean): Promise<void> {
  await vi.waitUntil(condition, { timeout: 30_000, interval: 2 });
}
