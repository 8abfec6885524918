import type { Setting } from './setting.js';

/**
 * The settings that keep the assistant from talking too much: a part of `settingTable`. Each is off unless
 * asked for or recommended for a task by the model's maker.
 */
export const restraintSettings = {
  hysteresis: {
    kind: 'number',
    live: true,
    help:
      'After a reply the score must fall to this share of the threshold before another; ' +
      'a user text or `rearm_after` does as well; 0 switches it off',
    from: 0,
    to: 1,
    default: 0,
    flag: {
      group: 'speaking',
      place: 8,
      argument: '<share>',
      help: 'speak again only after the score fell to this share of the threshold',
    },
    control: { label: 'Falls before the next', more: true, to: 1, step: 0.05 },
  },
  rearmAfter: {
    kind: 'number',
    live: true,
    help: 'Video seconds after which `hysteresis` no longer holds a reply back',
    above: 0,
    smallest: 0.1,
    to: 86_400,
    default: 30,
    unit: 's',
    flag: {
      group: 'speaking',
      place: 9,
      argument: '<seconds>',
      help: 'most seconds that --hysteresis holds a reply back',
    },
  },
  replyBudget: {
    kind: 'whole',
    live: true,
    help: 'Most replies in any minute of video; 0 for no limit',
    from: 0,
    to: 6000,
    default: 0,
    unit: 'replies',
    flag: { group: 'speaking', place: 10, argument: '<number>', help: 'most replies in any minute of video' },
    control: { label: 'Most replies a minute', more: true, to: 60, step: 1 },
  },
  talkRate: {
    kind: 'number',
    live: true,
    help:
      'Replies a minute to aim at by moving the threshold of the policies `threshold` and `sum`, ' +
      'at the lowest to a tenth of their own; 0 leaves it where it is',
    from: 0,
    to: 600,
    default: 0,
    unit: 'replies/min',
    flag: {
      group: 'speaking',
      place: 11,
      argument: '<number>',
      help: 'replies a minute to aim at by moving the threshold',
    },
    control: { label: 'Aims at replies a minute', more: true, to: 30, step: 0.5 },
  },
  leastChange: {
    kind: 'number',
    live: true,
    help: 'Least change of the picture since the last reply, from 0 to 1, for another; 0 switches it off',
    from: 0,
    to: 1,
    default: 0,
    flag: {
      group: 'speaking',
      place: 12,
      argument: '<share>',
      help: 'stay silent until the picture has changed by this much since the last reply',
    },
    control: { label: 'Least change to see', more: true, to: 0.2, step: 0.005 },
  },
  repeatAfter: {
    kind: 'number',
    live: true,
    help:
      'Video seconds before what was said may be said again; until then a reply that adds nothing ' +
      'to an earlier one is suppressed; 0 switches it off',
    from: 0,
    to: 86_400,
    default: 0,
    unit: 's',
    flag: {
      group: 'speaking',
      place: 13,
      argument: '<seconds>',
      help: 'suppress replies that add nothing to one of the last seconds',
    },
    control: { label: 'Says the same after', more: true, to: 60, step: 0.5 },
  },
  repeatWords: {
    kind: 'whole',
    live: true,
    help:
      'A reply is broken off once so many of its first words are those of a reply within `repeat_after`, ' +
      'however it would go on; 0 waits for its end',
    from: 0,
    to: 1000,
    default: 0,
    unit: 'words',
    flag: {
      group: 'speaking',
      place: 14,
      argument: '<number>',
      help: 'break a reply off once so many first words repeat one of --repeat-after',
    },
  },
} as const satisfies Readonly<Record<string, Setting>>;

/** The names of {@link restraintSettings}. */
export const restraintNames = Object.keys(restraintSettings).filter(
  (name): name is keyof typeof restraintSettings => name in restraintSettings,
);
