import { onTestFinished } from 'vitest';
import { DuetSession } from '../../server/duet/session.js';
import { sessionSettings } from '../../server/duet/settings.js';
import { RecordStore } from '../../server/records/record-store.js';
import type { RecordLimits } from '../../server/records/retention.js';
import type { ScriptedModel } from '../../server/runtime/scripted/scripted-model.js';
import { modelByBrightness } from '../support/duet-session.js';

export const roomyLimits: RecordLimits = {
  keepMs: 86_400_000,
  totalBytes: 100_000_000,
  sessionBytes: 10_000_000,
  fileBytes: 1_000_000,
};

/** A store that is closed when the test ends. */
export async function openStore(folder: string, limits: Partial<RecordLimits> = {}): Promise<RecordStore> {
  const store = await RecordStore.open({ folder, limits: { ...roomyLimits, ...limits } });
  onTestFinished(() => store[Symbol.asyncDispose]());
  return store;
}

/** A session on a scripted model whose events the store keeps. */
export function openRecorded(
  store: RecordStore,
  id: string,
  model: ScriptedModel = modelByBrightness(),
): Promise<DuetSession> {
  const settings = sessionSettings(model.capabilities);
  const archive = store.begin(id, null);
  return DuetSession.open({ id, model, settings, now: () => performance.now(), archive });
}

export const watched = { source: 'clip', samplingFps: 2, realtime: false };
