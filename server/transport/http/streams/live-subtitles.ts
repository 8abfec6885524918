import type { SessionEvent } from '../../../duet/record/events.js';
import { webVttCue, webVttHeading } from '../../../protocol/subtitles.js';
import { subtitlesOfEvent } from '../../../records/transcript.js';
import { followedEvents, type FollowServices, type WantedEvents } from '../../sessions/followed-events.js';
import type { ReadableSession } from '../../sessions/readable-sessions.js';
import { yieldToEventLoop } from '../../yield-to-event-loop.js';

/**
 * WebVTT that grows as things are said, about the newest source of a session from its beginning: the times
 * are those of its video. Ends when another source is opened, whose clock is another one, and with the
 * session. A cue that is written cannot give way to the next, so each has the time it takes to read. Without
 * `user` only what the assistant says; of that, where questions were chosen, only the replies to those.
 */
export async function* liveSubtitles(
  session: ReadableSession,
  { user, questions, sessions }: Chosen & Pick<FollowServices, 'sessions'>,
  signal: AbortSignal,
): AsyncGenerator<string> {
  yield `${webVttHeading}\n`;
  const source = await newestSource(session);
  const wanted = { resumed: null, after: source, last: null, questions, includes: all, skip: none };
  let hasSource = source > 0;
  let noted = '';
  for await (const followed of followedEvents(session, wanted, { sessions }, signal)) {
    await yieldToEventLoop();
    if (followed.type === 'questions') {
      const note = unknownNote(followed.unknown);
      if (note !== noted) yield note;
      noted = note;
      continue;
    }
    const { event } = followed;
    if (event.type === 'source.opened' && hasSource) return;
    hasSource ||= event.type === 'source.opened';
    if (event.type === 'user.text.inserted' && !user) continue;
    const cues = subtitlesOfEvent(event).map((subtitle) => `${webVttCue(subtitle)}\n`);
    if (cues.length > 0) yield cues.join('');
  }
}

interface Chosen extends Pick<WantedEvents, 'questions'> {
  readonly user: boolean;
}

const all = (): boolean => true;
const none = (): boolean => false;

/** A comment, which players leave out; empty for none. */
function unknownNote(unknown: readonly string[]): string {
  if (unknown.length === 0) return '';
  const named = unknown.map((text) => JSON.stringify(text)).join(', ');
  return `NOTE No question of this session is, or begins with, ${named.replaceAll('-->', '->')}\n\n`;
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
