import type { DuetContext, DuetModel, Pace } from '../../runtime/model.js';

/**
 * The model as one session uses it: its contexts ask `pace` at every call, and `onContext` learns of each new
 * one. Disposing of it does nothing, since the model belongs to others.
 */
export function pacedModel(
  model: DuetModel,
  pace: () => Pace,
  onContext: (context: DuetContext) => void,
): DuetModel {
  return {
    capabilities: model.capabilities,
    measure: (text) => model.measure(text),
    openContext: async (options, signal) => {
      const context = await model.openContext({ ...options, pace }, signal);
      onContext(context);
      return context;
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
