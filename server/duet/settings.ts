import { DuetError } from '../errors.js';
import { defaultPrompt, type ModelCapabilities } from '../runtime/capabilities.js';
import { defaultSettings, type SessionSettings } from '../settings/session-settings.js';

/**
 * The settings of a new session: what the model's maker recommends for the task, then what the user asks for.
 * Throws 'invalid_request' for a task the model does not name.
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
  const { fps, heads, policy, assistantTurns, cooldown } = recommended;
  return {
    ...{ fps, heads, policy, assistantTurns, cooldown },
    // The order of the keys is part of how a benchmark recognises a run that was stopped.
    ...defaultSettings.live,
    ...defaultPrompt(model),
    ...defaultSettings.fixed,
    ...overrides,
  };
}
