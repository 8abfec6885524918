import type { MemoryOptions } from '../memory/memory.js';
import type { SessionHappening } from './events.js';
import type { SessionState } from './session-state.js';

/** Records what a memory has forgotten, and counts its frames. */
export function recordForgotten(state: SessionState, forgotten: Forgotten): void {
  state.record(happeningOf(forgotten));
  if (forgotten.type === 'evicted') state.counters.add('framesForgotten', forgotten.forgottenFrames);
}

type Forgotten = Parameters<MemoryOptions['onForgotten']>[0];

function happeningOf(forgotten: Forgotten): SessionHappening {
  switch (forgotten.type) {
    case 'renewed':
      return { ...forgotten, type: 'session.context.renewed' };
    case 'evicted':
      return { ...forgotten, type: 'session.context.evicted' };
    default:
      return forgotten satisfies never;
  }
}
