import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { SessionRegistry } from '../../server/duet/registry.js';
import { DuetError } from '../../server/errors.js';
import { alreadyLoaded, ModelRegistry } from '../../server/runtime/model-registry.js';
import { HostedSessions } from '../../server/transport/sessions/hosted-sessions.js';
import type { OpenSource } from '../../server/transport/sessions/open-source.js';
import {
  defaultConnectionLimits,
  type ConnectionServices,
} from '../../server/transport/websocket/services.js';
import { modelByBrightness } from '../support/duet-session.js';

/** Services for connections, on a scripted model; all sessions are closed when the test ends. */
export function connectionServices(openSource: OpenSource = openNothing): ConnectionServices {
  const now = (): number => performance.now();
  const log = (): void => undefined;
  const registry = new SessionRegistry({ limit: 4, graceMs: 60_000 });
  const sessions = new HostedSessions(registry, openSource, { idleMs: 60_000, now, log });
  onTestFinished(async () => {
    sessions.abandonSources();
    await registry[Symbol.asyncDispose]();
  });
  const models = new ModelRegistry([alreadyLoaded(modelByBrightness())]);
  return { registry, sessions, models, limits: defaultConnectionLimits, now, newId: randomUUID, log };
}

const openNothing: OpenSource = ({ type }) =>
  Promise.reject(new DuetError('not_found', `There is no ${type} here`));
