import type { ContextMark, DuetContext, DuetModel } from '../../server/runtime/model.js';

/**
 * The same model, on this thread; `durations` gets the milliseconds of CPU time that each eviction takes, so
 * that other programs on the machine do not count.
 */
export function withTimedEvictions(model: DuetModel, durations: number[]): DuetModel {
  return {
    capabilities: model.capabilities,
    measure: (text) => model.measure(text),
    openContext: async (options, signal) => timed(await model.openContext(options, signal), durations),
    [Symbol.asyncDispose]: () => model[Symbol.asyncDispose](),
  };
}

function timed(context: DuetContext, durations: number[]): DuetContext {
  return {
    get size() {
      return context.size;
    },
    get bytes() {
      return context.bytes ?? null;
    },
    start: context.start,
    appendFrames: (pictures, signal) => context.appendFrames(pictures, signal),
    appendUserText: (text, signal) => context.appendUserText(text, signal),
    generateReply: (options, signal) => context.generateReply(options, signal),
    cutBackTo: (mark) => context.cutBackTo(mark),
    evict: async (from: ContextMark, to: ContextMark) => {
      const began = process.cpuUsage();
      await context.evict(from, to);
      const { user, system } = process.cpuUsage(began);
      durations.push((user + system) / 1000);
    },
    [Symbol.asyncDispose]: () => context[Symbol.asyncDispose](),
  };
}
