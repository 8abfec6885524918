import type { SessionEvent } from '../../../duet/record/events.js';
import { webVttCue, webVttHeading } from '../../../protocol/subtitles.js';
import { subtitlesOfEvent } from '../../../records/transcript.js';
import { followedEvents, type FollowServices } from '../../sessions/followed-events.js';
import type { ReadableSession } from '../../sessions/readable-sessions.js';
import { yieldToEventLoop } from '../../yield-to-event-loop.js';

/**
 * WebVTT that grows as things are said, about the newest source of a session from its beginning: the times are those
 * of its video. Ends when another source is opened, whose clock is another one, and with the session. A cue that
 * is written cannot give way to the next, so each has the time it takes to read. Without `user` only what the
 * assistant says.
 */
export async function* liveSubtitles(
  session: ReadableSession,
  { user, sessions }: { readonly user: boolean } & Pick<FollowServices, 'sessions'>,
  signal: AbortSignal,
): AsyncGenerator<string> {
  yield `${webVttHeading}\n`;
  const source = await newestSource(session);
  const wanted = { resumed: null, after: source, last: null, includes: () => true, skip: () => false };
  let hasSource = source > 0;
  for await (const { event } of followedEvents(session, wanted, { sessions }, signal)) {
    await yieldToEventLoop();
    if (event.type === 'source.opened' && hasSource) return;
    hasSource ||= event.type === 'source.opened';
    if (event.type === 'user.text.inserted' && !user) continue;
    const cues = subtitlesOfEvent(event).map((subtitle) => `${webVttCue(subtitle)}\n`);
    if (cues.length > 0) yield cues.join('');
  }
}

/** The number of the event that opened it; 0 if there was none yet. */
async function newestSource({ events, summary }: ReadableSession): Promise<number> {
  let newest: SessionEvent | null = null;
  const skip = (line: string): boolean => !line.startsWith('{"type":"source.opened"');
  for await (const event of events({ upTo: summary.last_seq, skip })) {
    if (event.type === 'source.opened') newest = event;
  }
  return newest?.seq ?? 0;
}
