import type { DuetModel } from '../../server/runtime/model.js';
import type { SessionSettings } from '../../server/settings/session-settings.js';
import type { Picture } from '../../server/video/frame.js';
import { FakeStream } from '../support/fake-stream.js';
import { frameAt, openSoakSession } from './nano-stream.js';

/** Something that happens in a clip: its sentence, and the seconds in which to tell it. */
export interface ToldEvent {
  readonly content: string;
  readonly time: readonly [number, number];
}

/**
 * Plays a clip over and over; returns for each round how many of its events were told to the letter in time.
 */
export async function tellInLoops(
  model: DuetModel,
  pictures: readonly Picture[],
  events: readonly ToldEvent[],
  plan: { readonly question: string; readonly rounds: number; readonly overrides?: Partial<SessionSettings> },
): Promise<{ readonly told: readonly number[]; readonly replies: readonly number[] }> {
  await using session = await openSoakSession(model, plan.overrides);
  session.addUserText(plan.question);
  const length = pictures.length / 2;
  const told = Array.from({ length: plan.rounds }, () => new Set<ToldEvent>());
  const replies = Array.from({ length: plan.rounds }, () => 0);
  const reading = (async () => {
    for await (const event of session.log.read()) {
      if (event.type !== 'response.done') continue;
      const round = Math.floor(event.videoTime / length);
      const time = event.videoTime - round * length;
      replies[round] = (replies[round] ?? 0) + 1;
      const match = events.find(
        ({ content, time: [from, to] }) => content === event.text.trim() && time >= from && time <= to,
      );
      if (match) told[round]?.add(match);
    }
  })();
  const frames = Array.from({ length: plan.rounds }, () => pictures).flat();
  const viewing = { source: 'soak', samplingFps: 2, realtime: false };
  await session.watch(new FakeStream(frames.map((picture, index) => frameAt(index, picture))), viewing);
  await session.close('done');
  await reading;
  return { told: told.map(({ size }) => size), replies };
}
