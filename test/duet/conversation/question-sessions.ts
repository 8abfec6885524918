import type { DuetSession } from '../../../server/duet/session.js';
import type { ScriptedModel } from '../../../server/runtime/scripted/scripted-model.js';
import { eventsOf } from '../../support/duet-session.js';
import { fakeFrames, FakeStream } from '../../support/fake-stream.js';

const label = { source: 'test', samplingFps: 2, realtime: false };

/** Plays frames of these brightnesses. */
export function watch(session: DuetSession, values: readonly number[]): Promise<void> {
  return session.watch(new FakeStream(fakeFrames(values)), label);
}

/** Time, question and text of every reply. */
export function repliesIn(session: DuetSession): (readonly [number, string | null, string])[] {
  return eventsOf(session, 'response.done').map(({ videoTime, questionId, text }) => [
    videoTime,
    questionId,
    text,
  ]);
}

/** The user texts in each open context. */
export function textsIn({ contexts }: ScriptedModel): string[][] {
  return contexts.flatMap(({ closed, entries }) =>
    closed ? [] : [entries.flatMap((entry) => (entry.type === 'user' ? [entry.text] : []))],
  );
}
