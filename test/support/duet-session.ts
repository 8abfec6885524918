import type { SessionEvent } from '../../server/duet/events.js';
import { DuetSession } from '../../server/duet/session.js';
import { sessionSettings } from '../../server/duet/settings.js';
import type { ContextCapacity } from '../../server/runtime/capabilities.js';
import type { SessionSettings } from '../../server/settings/session-settings.js';
import { FakeModel, scoresByFirstByte, type FakeModelScript } from './fake-model.js';

/** A model whose informative score is the first byte of the picture in hundredths. */
export function modelByBrightness(script: FakeModelScript = {}): FakeModel {
  const table = Array.from({ length: 101 }, (_, value) => ({ informative: value / 100, relevance: 0 }));
  const capabilities = { name: 'fake', ...script.capabilities };
  return new FakeModel({ scores: scoresByFirstByte(table), ...script, capabilities });
}

/** A context of so many tokens, of which a frame takes 4 and a turn's markup is allowed a sixteenth at most. */
export function tokensUpTo(total: number): ContextCapacity {
  const markup = Math.min(32, Math.floor(total / 16));
  return { unit: 'tokens', total, frame: 4, markup, textByte: 3, replyToken: 1 };
}

/** A session on a fake model with a clock that stands still. */
export function openSession(
  model: FakeModel,
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
