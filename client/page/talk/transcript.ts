import { subRip, subtitlesOf, webVtt, type Subtitle } from '../../../server/protocol/subtitles.js';
import { transcriptCsv, type TranscriptRow } from '../../../server/protocol/transcript-csv.js';
import { isSaid, type DuetView, type ShownTurn } from '../state/view.js';

/** Formats in which a conversation can be saved. */
export type TranscriptFormat = 'json' | 'srt' | 'vtt' | 'csv';

/** A file made in the page. */
interface SavedFile {
  readonly extension: TranscriptFormat;
  readonly mediaType: string;
  readonly text: string;
}

/**
 * The conversation as a file, also without what the user wrote; JSON carries the scores of all frames too.
 */
export function transcript(whole: DuetView, format: TranscriptFormat, { user = true } = {}): SavedFile {
  const view = user ? whole : { ...whole, turns: whole.turns.filter(({ type }) => type !== 'question') };
  switch (format) {
    case 'json':
      return { extension: format, mediaType: 'application/json', text: jsonText(view) };
    case 'srt':
      return { extension: format, mediaType: 'application/x-subrip', text: subRip(spokenTurns(view.turns)) };
    case 'vtt':
      return { extension: format, mediaType: 'text/vtt', text: webVtt(spokenTurns(view.turns)) };
    case 'csv':
      return { extension: format, mediaType: 'text/csv', text: csvOf(view.turns) };
  }
}

function jsonText(view: DuetView): string {
  const turns = view.turns.flatMap((turn) => {
    const isHidden = turn.type === 'suppressed' && !view.showsSuppressed;
    if (turn.type === 'note' || isHidden) return [];
    return [
      {
        role: turn.type === 'question' ? 'user' : 'assistant',
        video_time: turn.videoTime,
        text: turn.text,
        ...(turn.type === 'reply' && { status: turn.status }),
        ...(turn.type === 'suppressed' && { status: turn.type }),
      },
    ];
  });
  const { model, settings, source, frames } = view;
  const video = { source: source?.source ?? null, info: source?.info ?? null };
  return `${JSON.stringify({ model, settings, ...video, turns, frames }, null, 2)}\n`;
}

function csvOf(turns: readonly ShownTurn[]): string {
  const rows = turns.flatMap((turn): TranscriptRow[] => {
    if (!isSaid(turn) || turn.videoTime === null) return [];
    const said = { video_time: turn.videoTime, text: turn.text };
    return [
      turn.type === 'reply' ? { ...said, role: 'assistant', status: turn.status } : { ...said, role: 'user' },
    ];
  });
  return transcriptCsv(rows);
}

/** What was said, as subtitles on the clock of the video. */
export function spokenTurns(turns: readonly ShownTurn[]): readonly Subtitle[] {
  const said = turns.flatMap((turn) => {
    if (!isSaid(turn) || turn.videoTime === null) return [];
    const text = turn.text.trim();
    if (text === '') return [];
    return [
      { who: turn.type === 'reply' ? ('Duet' as const) : ('You' as const), text, from: turn.videoTime },
    ];
  });
  return subtitlesOf(said);
}
