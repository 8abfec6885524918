import { DuetError } from '../errors.js';
import { defaultPrompt, type ModelCapabilities } from '../runtime/capabilities.js';
import { settingSchemas } from '../settings/schema.js';
import {
  defaultSettings,
  settingNames,
  settingTable,
  type SessionSettings,
} from '../settings/session-settings.js';
import { restraintsOf, type TaskSettings } from '../settings/task-settings.js';

/**
 * The settings of a new session: the model's recommendations for the task, overridden by what the user asks
 * for. Throws 'invalid_request' for an unknown task, and for heads the model does not have.
 */
export function sessionSettings(
  model: ModelCapabilities,
  task = 'default',
  overrides: Partial<SessionSettings> = {},
): SessionSettings {
  const recommended = Object.hasOwn(model.recommended, task) ? model.recommended[task] : undefined;
  if (!recommended) {
    const known = Object.keys(model.recommended).join(', ');
    throw new DuetError('invalid_request', `Model ${model.name} has no task "${task}"; it knows: ${known}.`);
  }
  requireHeads(model, overrides.heads);
  requireMemory(model, overrides.memory);
  const { fps, heads, policy, assistantTurns, cooldown } = recommended;
  return {
    ...{ fps, heads, policy, assistantTurns, cooldown },
    ...rememberedBy(model, recommended),
    // Benchmarks recognise an interrupted run by its settings, including the order of these keys.
    ...defaultSettings.live,
    ...restraintsOf(recommended),
    ...defaultPrompt(model),
    ...defaultSettings.fixed,
    ...(recommended.batchLimit !== undefined && { batchLimit: recommended.batchLimit }),
    ...overrides,
  };
}

/** Windows where the model can evict, as large as its context allows unless its maker recommends less. */
function rememberedBy(
  { evict, capacity }: ModelCapabilities,
  { memory, window, textWindow, sink, positions }: TaskSettings,
): Pick<SessionSettings, 'memory' | 'window' | 'textWindow' | 'sink' | 'positions'> {
  const { window: wholeDay, sink: anyText } = settingTable;
  return {
    memory: evict ? (memory ?? 'windows') : 'renewed',
    window: window ?? wholeDay.to,
    textWindow: textWindow ?? defaultTextWindow,
    sink: sink ?? (capacity === null ? anyText.to : Math.max(anyText.from, Math.floor(capacity.total / 2))),
    positions: positions ?? 'contiguous',
  };
}

/** Tokens of kept replies to remember, as in StreamingVLM (Xu et al. 2025). */
const defaultTextWindow = 512;

/** Throws 'invalid_request' for windows if the model cannot forget single frames. */
function requireMemory(
  { name, evict }: ModelCapabilities,
  memory: SessionSettings['memory'] | undefined,
): void {
  if (memory !== 'windows' || evict) return;
  throw new DuetError(
    'invalid_request',
    `memory is "windows", but model ${name} cannot forget single frames: leave it out, or say "renewed"`,
  );
}

/** Throws 'invalid_request' for heads whose scores the model does not give: it would never speak. */
export function requireHeads(
  { name, scores }: ModelCapabilities,
  heads: SessionSettings['heads'] = [],
): void {
  const missing = heads.find((head) => !scores.includes(head));
  if (missing === undefined) return;
  const known = scores.join(' and ');
  throw new DuetError(
    'invalid_request',
    `heads names ${missing}, a score that model ${name} does not give: ` +
      (known === '' ? 'leave heads out, since it gives none' : `it gives ${known}`),
  );
}

/** The recorded settings that this version knows and takes; the others are left out. */
export function knownSettings(recorded: Readonly<Record<string, unknown>>): Partial<SessionSettings> {
  const entries = settingNames.flatMap((name) => {
    const parsed = settingSchemas[name].safeParse(recorded[name]);
    return parsed.success ? [[name, parsed.data] as const] : [];
  });
  return Object.fromEntries(entries);
}
