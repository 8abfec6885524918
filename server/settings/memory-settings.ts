import type { Setting } from './setting.js';

/** What stays in a model's context as a conversation goes on; part of the table of all settings. */
export const memorySettings = {
  memory: {
    kind: 'choice',
    live: false,
    help: 'What is forgotten as a conversation goes on: what leaves the windows, or everything once the context is full',
    choices: { windows: { label: 'Windows' }, renewed: { label: 'Begun again' } },
    flag: {
      group: 'memory',
      place: 1,
      argument: '<how>',
      help: "windows over the newest, or begun again when full (default: the model's)",
    },
  },
  window: {
    kind: 'number',
    live: false,
    help: 'Seconds of video that stay in the context, as far as it has room; older frames are forgotten',
    above: 0,
    smallest: 0.1,
    to: 86_400,
    unit: 's',
    flag: { group: 'memory', place: 2, argument: '<seconds>', help: 'video to remember' },
  },
  textWindow: {
    kind: 'whole',
    live: false,
    help: 'Tokens of kept replies, and of texts that the sink has no room for, that stay in the context',
    from: 0,
    to: 1_048_576,
    unit: 'tokens',
    flag: { group: 'memory', place: 3, argument: '<tokens>', help: 'replies to remember' },
  },
  sink: {
    kind: 'whole',
    live: false,
    help: 'Tokens for what is never forgotten: the system prompt, standing questions, and the newest user texts',
    from: 64,
    to: 1_048_576,
    unit: 'tokens',
    flag: { group: 'memory', place: 4, argument: '<tokens>', help: 'prompt and questions to remember' },
  },
  positions: {
    kind: 'choice',
    live: false,
    help: 'Positions of what comes after forgotten frames: contiguous closes the gap, original leaves it',
    choices: { contiguous: { label: 'Contiguous' }, original: { label: 'Original' } },
    flag: {
      group: 'memory',
      place: 5,
      argument: '<positions>',
      help: "after forgotten frames close the gap, or leave it (default: the model's)",
    },
  },
} as const satisfies Readonly<Record<string, Setting>>;
