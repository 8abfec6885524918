import { memorySettings } from './memory-settings.js';
import { pick } from './pick.js';
import type { PolicySettings } from './policies.js';
import { restraintSettings } from './restraint-settings.js';
import type { Setting } from './setting.js';

/** Everything a session is opened with. Times are seconds on the media clock. */
export type SessionSettings = { readonly [Name in SettingName]: SettingValue<SettingTable[Name]> };

/** Longest text a person may write, in bytes of UTF-8. */
export const maxTextBytes = 16 * 1024;

/**
 * Every setting of a session, in the order of the wire. Types, wire schemas, flags, page controls and the
 * tables in the docs are derived from it. Settings without a default come from the model.
 */
export const settingTable = {
  heads: {
    kind: 'several',
    live: true,
    help: "The heads whose probabilities are added up to a frame's score",
    choices: { informative: { label: 'Informative' }, relevance: { label: 'Relevance' } },
    flag: { group: 'speaking', place: 2, argument: '<head...>', help: 'scores to add up' },
    control: { label: 'Heads' },
  },
  policy: {
    kind: 'policy',
    live: true,
    help: 'When the assistant takes the turn; comparisons are strict (>)',
    flag: { group: 'speaking', place: 1, argument: '<policy>', help: 'when to speak' },
    control: { label: 'Speaks when' },
  },
  cooldown: {
    kind: 'number',
    live: true,
    help: 'Least video seconds between replies; 0 switches it off',
    from: 0,
    to: 86_400,
    unit: 's',
    flag: { group: 'speaking', place: 3, argument: '<seconds>', help: 'least time between replies' },
    control: { label: 'Pause after a reply', more: true, to: 20, step: 0.5 },
  },
  ...restraintSettings,
  assistantTurns: {
    kind: 'choice',
    live: true,
    help: "Whether replies stay in the model's context; removing them is a remedy against repetition",
    choices: {
      keep: { label: 'Remember', help: 'The model sees what it said before' },
      remove: {
        label: 'Forget',
        help: 'The model does not see what it said before, so it repeats itself less',
      },
    },
    flag: {
      group: 'speaking',
      place: 4,
      sets: { name: 'keep-turns', word: 'keep' },
      help: "keep replies in the model's context",
    },
    control: { label: 'Its replies', more: true },
  },
  interrupt: {
    kind: 'choice',
    live: true,
    help: 'What a user text does to a reply that is being generated',
    choices: {
      cancel: { label: 'Interrupts', help: 'A message stops the reply being written' },
      finish: { label: 'Waits', help: 'A message waits for the reply being written' },
    },
    default: 'cancel',
    control: { label: 'Your message', more: true },
  },
  repetitionPenalty: {
    kind: 'number',
    live: true,
    help: 'Above 1 makes tokens that were said before less likely; 1 changes nothing',
    above: 0,
    smallest: 0.01,
    to: 10,
    default: 1,
    flag: {
      group: 'speaking',
      place: 6,
      argument: '<number>',
      help: 'above 1 makes tokens that were said before less likely',
    },
  },
  maxReplyTokens: {
    kind: 'whole',
    live: true,
    help: 'Longest reply, in tokens',
    from: 1,
    to: 4096,
    default: 200,
    unit: 'tokens',
    flag: { group: 'speaking', place: 5, argument: '<number>', help: 'longest reply' },
  },
  ...memorySettings,
  fps: {
    kind: 'number',
    live: false,
    help: 'Frames per second at which sources are sampled unless they ask otherwise',
    above: 0,
    smallest: 0.001,
    to: 60,
    unit: 'frames/s',
    flag: { group: 'sampling', place: 1, argument: '<number>', help: 'frames a second to look at' },
  },
  systemPrompt: {
    kind: 'text',
    live: false,
    help: 'What the model is told before anything else',
    maxBytes: maxTextBytes,
  },
  promptLayout: {
    kind: 'choice',
    live: false,
    help: "Chat markup: as in training, or as MMDuet's inference code has it (parity runs)",
    choices: { trained: { label: 'As trained' }, reference: { label: 'As in MMDuet' } },
    flag: {
      group: 'layout',
      place: 1,
      argument: '<layout>',
      help: "chat markup: as in training, or as MMDuet's inference code has it (default: the model's)",
    },
  },
  readText: {
    kind: 'choice',
    live: false,
    help: 'Whether the text in the picture is read, if the model has a reader',
    choices: { on: { label: 'Reads' }, off: { label: 'Does not read' } },
    default: 'on',
    flag: {
      group: 'sampling',
      place: 2,
      sets: { name: 'no-reading', word: 'off' },
      help: 'do not read the text in the picture',
    },
  },
  queueLimit: {
    kind: 'whole',
    live: false,
    help: 'Frames that may wait for the model before a file waits, or a live source drops its oldest',
    from: 1,
    to: 1024,
    default: 32,
    unit: 'frames',
  },
  batchLimit: {
    kind: 'whole',
    live: false,
    help: 'Most frames appended in one model call when catching up',
    from: 1,
    to: 64,
    default: 4,
    unit: 'frames',
  },
} as const satisfies Readonly<Record<string, Setting>>;

/** What may change while a session runs. */
export type LiveSettings = Pick<SessionSettings, LiveSettingName>;

/** Name of a setting. */
export type SettingName = keyof SettingTable;

/** Name of a setting that may change while a session runs. */
export type LiveSettingName = NamesWith<{ readonly live: true }>;

/** Names of the settings whose entry has `Part`. */
export type NamesWith<Part> = {
  [Name in SettingName]: SettingTable[Name] extends Part ? Name : never;
}[SettingName];

/** The names of all settings, in the order of the wire. */
export const settingNames = Object.keys(settingTable).filter(
  (name): name is SettingName => name in settingTable,
);

/** The names of the settings that may change while a session runs. */
export const liveSettingNames = settingNames.filter(
  (name): name is LiveSettingName => settingTable[name].live,
);

/** The settings that have a default: what may change while a session runs, and what may not. */
export const defaultSettings = {
  live: defaultsOf({ live: true }),
  fixed: defaultsOf({ live: false }),
};

/** Only the settings that may change while a session runs. */
export function liveSettings(settings: LiveSettings): LiveSettings {
  return pick(settings, liveSettingNames);
}

type SettingTable = typeof settingTable;

type SettingValue<Entry extends Setting> = Entry extends { readonly choices: infer Words }
  ? Entry extends { readonly kind: 'several' }
    ? readonly (keyof Words)[]
    : keyof Words
  : Entry extends { readonly kind: 'policy' }
    ? PolicySettings
    : Entry extends { readonly kind: 'text' }
      ? string
      : number;

type DefaultSettings<Live extends boolean> = Pick<
  SessionSettings,
  NamesWith<{ readonly live: Live; readonly default: unknown }>
>;

function defaultsOf<Live extends boolean>({ live }: { live: Live }): DefaultSettings<Live> {
  const entries = Object.entries<Setting>(settingTable).flatMap(([name, setting]) =>
    setting.live === live && 'default' in setting ? [[name, setting.default]] : [],
  );
  return Object.fromEntries(entries) as DefaultSettings<Live>;
}
