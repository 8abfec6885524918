import { loadSamples, titleOf } from '../picker/samples.js';
import { videoOfSample } from '../picker/sample-cards.js';
import { videoAt } from '../picker/address.js';
import type { ChosenVideo } from '../state/view.js';
import { mayGoOn, readSession } from './session-list.js';

/** What a session watched or watches, as far as its record tells. Throws `DuetClientError` if it is gone. */
export async function leftSession(sessionId: string): Promise<LeftSession> {
  const session = await readSession(sessionId);
  return { video: await videoOf(session.source), goesOn: mayGoOn(session) };
}

/** A session that is taken up again. */
interface LeftSession {
  readonly video: ChosenVideo;
  /** False where it can only be looked at. */
  readonly goesOn: boolean;
}

async function videoOf(source: string | null): Promise<ChosenVideo> {
  const sample = (await loadSamples().catch(() => [])).find(({ name }) => name === source);
  if (sample !== undefined) return videoOfSample(sample);
  const found = videoAt(source ?? '');
  if (source?.includes('://') === true && 'video' in found) return found.video;
  // The file itself cannot be named any more: it is watched to its end, and not again.
  const gone = { type: 'upload', upload_id: 'gone' } as const;
  return { title: titleOf(source ?? 'Session'), source: gone, playUrl: null, questions: [], footage: 'real' };
}

/** Remembers in this browser a session that was left running, since an id is the key to its session. */
export function rememberLeft(sessionId: string): void {
  const others = leftHere().filter((id) => id !== sessionId);
  try {
    localStorage.setItem(place, JSON.stringify([sessionId, ...others].slice(0, most)));
  } catch {
    // A browser that keeps nothing leaves it to the server's list.
  }
}

/** The ids of sessions left running in this browser, the newest first. */
export function leftHere(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(place) ?? '[]');
    return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

const place = 'duet.left';
const most = 20;
