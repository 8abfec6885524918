import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { SessionRegistry } from '../../server/duet/registry.js';
import { DuetError } from '../../server/errors.js';
import { alreadyLoaded, ModelRegistry } from '../../server/runtime/model-registry.js';
import type { RecordStore } from '../../server/records/record-store.js';
import { HostedSessions } from '../../server/transport/sessions/hosted-sessions.js';
import type { OpenSource } from '../../server/transport/sessions/open-source.js';
import { ReadableSessions } from '../../server/transport/sessions/readable-sessions.js';
import { Shares } from '../../server/transport/sessions/shares.js';
import {
  defaultConnectionLimits,
  type ConnectionServices,
} from '../../server/transport/websocket/services.js';
import { modelByBrightness } from '../support/duet-session.js';

/** Services for connections, on a scripted model; all sessions are closed when the test ends. */
export function connectionServices(
  openSource: OpenSource = openNothing,
  records: RecordStore | null = null,
): ConnectionServices {
  const now = (): number => performance.now();
  const log = (): void => undefined;
  const registry = new SessionRegistry({ limit: 4, graceMs: 60_000 });
  const sessions = new HostedSessions(registry, openSource, { idleMs: 60_000, now, log }, records);
  const shares = new Shares(records);
  const readable = new ReadableSessions(registry, records, shares);
  onTestFinished(async () => {
    sessions.abandonSources();
    await registry[Symbol.asyncDispose]();
  });
  const models = new ModelRegistry([alreadyLoaded(modelByBrightness())]);
  const kept = { records, shares, readable };
  return {
    registry,
    sessions,
    models,
    ...kept,
    limits: defaultConnectionLimits,
    now,
    newId: randomUUID,
    log,
  };
}

const openNothing: OpenSource = ({ type }) =>
  Promise.reject(new DuetError('not_found', `There is no ${type} here`));
