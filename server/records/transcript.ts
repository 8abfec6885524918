import type { SessionEvent } from '../duet/record/events.js';
import { subRip, subtitlesOf, webVtt, type Said, type Subtitle } from '../protocol/subtitles.js';
import { transcriptCsv } from '../protocol/transcript-csv.js';

/**
 * What was said in a session, in order; of a very long one the newest part. With `suppressed` also the
 * replies that were made but not told, since they repeated others: their status is `suppressed`. Without
 * `user` only what the assistant said.
 */
export async function readTranscript(
  events: AsyncIterable<SessionEvent>,
  { suppressed = false, user = true }: { readonly suppressed?: boolean; readonly user?: boolean } = {},
): Promise<Transcript> {
  let turns: TranscriptTurn[] = [];
  let sources = 0;
  let unfinished: number | null = null;
  for await (const event of events) {
    if (event.type === 'source.opened') sources += 1;
    if (event.type === 'response.started') unfinished = event.seq;
    if (event.type === 'response.done' || event.type === 'response.suppressed') unfinished = null;
    const turn = turnOf(event, suppressed);
    if (turn !== null && (user || turn.role !== 'user')) turns.push(turn);
    if (turns.length > 2 * mostTurns) turns = turns.slice(-mostTurns);
  }
  return { turns: turns.slice(-mostTurns), sources, unfinished };
}

/** Whether a recorded line can be left out where only the transcript is wanted. */
export function isSilentLine(line: string): boolean {
  return /^\{"type":"(?:frame\.scored|response\.text\.delta)"/.test(line);
}

/** The subtitles of what an event tells, timed by the video, for as long as they take to read. */
export function subtitlesOfEvent(event: SessionEvent): readonly Subtitle[] {
  const turn = turnOf(event, false);
  return turn === null ? [] : subtitlesOf(said(turn, turn.video_time));
}

/** What was said in a session. */
interface Transcript {
  readonly turns: readonly TranscriptTurn[];
  /** How many sources were played; each has a clock of its own. */
  readonly sources: number;
  /** The number of the event that began the reply being written; null if none is. */
  readonly unfinished: number | null;
}

/** One turn, in the words of the wire. */
interface TranscriptTurn {
  readonly role: 'user' | 'assistant';
  /** Seconds on the clock of the source. */
  readonly video_time: number;
  /** Milliseconds since the session was opened. */
  readonly elapsed_ms: number;
  readonly text: string;
  /** How a reply ended, or `suppressed`; absent for users. */
  readonly status?: string;
}

/** The formats of a transcript by the ending of their files, and their media types. */
export const transcriptTypes = {
  json: 'application/json',
  srt: 'application/x-subrip',
  vtt: 'text/vtt',
  csv: 'text/csv',
} as const;

/** Name of a format. */
export type TranscriptType = keyof typeof transcriptTypes;

/**
 * The transcript as text. Subtitles are timed by the video or, if several sources were played, from the
 * opening of the session.
 */
export function formatTranscript(transcript: Transcript, type: TranscriptType): string {
  switch (type) {
    case 'json':
      return `${JSON.stringify({ transcript: transcript.turns })}\n`;
    case 'srt':
      return subRip(timed(transcript));
    case 'vtt':
      return webVtt(timed(transcript));
    case 'csv':
      return transcriptCsv(transcript.turns);
    default:
      return type satisfies never;
  }
}

/** Most turns of a transcript; a day in which somebody speaks every ten seconds has 8640. */
const mostTurns = 50_000;

function turnOf(event: SessionEvent, suppressed: boolean): TranscriptTurn | null {
  const place = { video_time: event.videoTime, elapsed_ms: event.elapsedMs };
  if (event.type === 'user.text.inserted') return { role: 'user', ...place, text: event.text };
  if (event.type === 'response.suppressed')
    return suppressed ? { role: 'assistant', ...place, text: event.text, status: 'suppressed' } : null;
  if (event.type !== 'response.done') return null;
  return { role: 'assistant', ...place, text: event.text, status: event.status };
}

function timed({ turns, sources }: Transcript): readonly Subtitle[] {
  return subtitlesOf(
    turns.flatMap((turn) => said(turn, sources > 1 ? turn.elapsed_ms / 1000 : turn.video_time)),
  );
}

function said({ role, text, status }: TranscriptTurn, from: number): readonly Said[] {
  const told = status === 'suppressed' ? `(not told) ${text.trim()}` : text.trim();
  return text.trim() === '' ? [] : [{ who: role === 'user' ? 'You' : 'Duet', text: told, from }];
}
