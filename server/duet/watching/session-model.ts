import type { DuetModel } from '../../runtime/model.js';
import { innerMark, ReadingContext } from '../reading/reading-context.js';
import type { SessionReading } from '../reading/session-reading.js';
import type { SessionState } from '../record/session-state.js';

/**
 * The model as one session uses it: its contexts ask at every call what pace the session is at, and live on
 * one worker, which encodes a picture for all of them once; with `reading` they answer questions about text
 * from it. Disposing of it does nothing, since the model belongs to others.
 */
export function sessionModel(
  model: DuetModel,
  state: Pick<SessionState, 'pace' | 'worker'>,
  reading: SessionReading | null = null,
): DuetModel {
  const { scores } = model.capabilities;
  return {
    capabilities: model.capabilities,
    measure: (text) => model.measure(text),
    openContext: async ({ follows: mark, ...options }, signal) => {
      const beside = state.worker === null ? {} : { worker: state.worker };
      const follows = mark === undefined ? {} : { follows: reading === null ? mark : innerMark(mark) };
      const context = await model.openContext(
        { ...options, ...follows, ...beside, pace: () => state.pace },
        signal,
      );
      state.worker = context.worker ?? null;
      return reading === null ? context : new ReadingContext(context, reading, scores);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
