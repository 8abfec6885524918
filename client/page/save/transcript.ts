import type { DuetView } from '../state/view.js';
import { spokenTurns } from './spoken.js';
import { subRip, webVtt } from './subtitles.js';

/** Formats in which a conversation can be saved. */
export type TranscriptFormat = 'json' | 'srt' | 'vtt';

/** A file made in the page. */
export interface SavedFile {
  readonly extension: TranscriptFormat;
  readonly mediaType: string;
  readonly text: string;
}

/** The conversation as a file; JSON carries the scores of all frames too. */
export function transcript(view: DuetView, format: TranscriptFormat): SavedFile {
  switch (format) {
    case 'json':
      return { extension: format, mediaType: 'application/json', text: jsonText(view) };
    case 'srt':
      return { extension: format, mediaType: 'application/x-subrip', text: subRip(spokenTurns(view.turns)) };
    case 'vtt':
      return { extension: format, mediaType: 'text/vtt', text: webVtt(spokenTurns(view.turns)) };
  }
}

function jsonText(view: DuetView): string {
  const turns = view.turns.flatMap((turn) => {
    if (turn.type === 'note') return [];
    const status = turn.type === 'reply' ? { status: turn.status } : {};
    return [
      {
        role: turn.type === 'reply' ? 'assistant' : 'user',
        video_time: turn.videoTime,
        text: turn.text,
        ...status,
      },
    ];
  });
  const { model, settings, source, frames } = view;
  return `${JSON.stringify({ model, settings, source: source?.source ?? null, info: source?.info ?? null, turns, frames }, null, 2)}\n`;
}
