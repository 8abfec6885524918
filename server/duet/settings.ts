import { DuetError } from '../errors.js';
import { defaultPrompt, type ModelCapabilities } from '../runtime/capabilities.js';
import { defaultSettings, type SessionSettings } from '../settings/session-settings.js';
import { restraintsOf } from '../settings/task-settings.js';

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
  const { fps, heads, policy, assistantTurns, cooldown } = recommended;
  return {
    ...{ fps, heads, policy, assistantTurns, cooldown },
    // Benchmarks recognise an interrupted run by its settings, including the order of these keys.
    ...defaultSettings.live,
    ...restraintsOf(recommended),
    ...defaultPrompt(model),
    ...defaultSettings.fixed,
    ...overrides,
  };
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
