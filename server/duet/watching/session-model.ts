import type { DuetModel } from '../../runtime/model.js';
import type { SessionState } from '../record/session-state.js';

/**
 * The model as one session uses it: its contexts ask at every call what pace the session is at, and live on one
 * worker, which encodes a picture for all of them once. Disposing of it does nothing, since the model belongs to
 * others.
 */
export function sessionModel(model: DuetModel, state: Pick<SessionState, 'pace' | 'worker'>): DuetModel {
  return {
    capabilities: model.capabilities,
    measure: (text) => model.measure(text),
    openContext: async (options, signal) => {
      const beside = state.worker === null ? {} : { worker: state.worker };
      const context = await model.openContext({ ...options, ...beside, pace: () => state.pace }, signal);
      state.worker = context.worker ?? null;
      return context;
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
