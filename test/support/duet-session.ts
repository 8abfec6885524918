import type { SessionEvent } from '../../server/duet/record/events.js';
import { DuetSession } from '../../server/duet/session.js';
import { sessionSettings } from '../../server/duet/settings.js';
import type { ContextCapacity } from '../../server/runtime/capabilities.js';
import type { SessionSettings } from '../../server/settings/session-settings.js';
import type { Script } from '../../server/runtime/scripted/script.js';
import { ScriptedModel, scoresByFirstByte } from '../../server/runtime/scripted/scripted-model.js';

/** A model whose informative score is the first byte of the picture in hundredths. */
export function modelByBrightness(script: Script = {}): ScriptedModel {
  const table = Array.from({ length: 101 }, (_, value) => ({ informative: value / 100, relevance: 0 }));
  const capabilities = { name: 'fake', ...script.capabilities };
  return new ScriptedModel({ scores: scoresByFirstByte(table), ...script, capabilities });
}

/**
 * A context of so many tokens, of which a frame takes 4 and a turn's markup is allowed a sixteenth at most.
 */
export function tokensUpTo(total: number): ContextCapacity {
  const markup = Math.min(32, Math.floor(total / 16));
  return { unit: 'tokens', total, frame: 4, markup, textByte: 3, replyToken: 1 };
}

/** A session on a scripted model with a clock that stands still. */
export function openSession(
  model: ScriptedModel,
  overrides: Partial<SessionSettings> = {},
): Promise<DuetSession> {
  const settings = sessionSettings(model.capabilities, 'default', overrides);
  return DuetSession.open({ id: 'test', model, settings, now: () => 0 });
}

/** The events of one type. */
export function eventsOf<Type extends SessionEvent['type']>(
  session: DuetSession,
  type: Type,
): Extract<SessionEvent, { type: Type }>[] {
  return session.log
    .snapshot()
    .filter((event): event is Extract<SessionEvent, { type: Type }> => event.type === type);
}
