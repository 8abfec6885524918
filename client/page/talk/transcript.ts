import { isSaid, type DuetView, type ShownTurn } from '../state/view.js';

/** Formats in which a conversation can be saved. */
export type TranscriptFormat = 'json' | 'srt' | 'vtt';

/** A file made in the page. */
interface SavedFile {
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

/** One thing said, on the clock of the video; times are seconds. */
interface Spoken {
  readonly who: 'You' | 'Duet';
  readonly text: string;
  readonly from: number;
  /** End of the time on screen as a subtitle. */
  readonly to: number;
}

/** Characters a person reads in a second, and the least seconds a subtitle stays. */
const readingSpeed = 15;
const leastSeconds = 2;

/**
 * What was said, in the order of the video. A subtitle stays as long as it takes to read, and gives way to
 * the next one; things said at the same moment stay together.
 */
export function spokenTurns(turns: readonly ShownTurn[]): readonly Spoken[] {
  const said = turns.flatMap((turn) => {
    if (!isSaid(turn) || turn.videoTime === null) return [];
    const text = turn.text.trim();
    if (text === '') return [];
    return [
      { who: turn.type === 'reply' ? ('Duet' as const) : ('You' as const), text, from: turn.videoTime },
    ];
  });
  const ordered = said.toSorted((a, b) => a.from - b.from);
  return ordered.map((entry) => {
    const next = ordered.find((other) => other.from > entry.from)?.from ?? Infinity;
    const read = entry.from + Math.max(leastSeconds, entry.text.length / readingSpeed);
    return { ...entry, to: Math.min(next, read) };
  });
}

/** SubRip: numbered cues, decimal comma, the speaker before the text. */
export function subRip(spoken: readonly Spoken[]): string {
  return spoken
    .map(({ who, text, from, to }, index) => {
      const times = `${cueTime(from, ',')} --> ${cueTime(to, ',')}`;
      return `${index + 1}\n${times}\n${who}: ${oneBlock(text)}\n`;
    })
    .join('\n');
}

/** WebVTT with voice tags; markup in the text is escaped. */
export function webVtt(spoken: readonly Spoken[]): string {
  const cues = spoken.map(({ who, text, from, to }) => {
    const times = `${cueTime(from, '.')} --> ${cueTime(to, '.')}`;
    return `${times}\n<v ${who}>${escaped(oneBlock(text))}\n`;
  });
  return ['WEBVTT\n', ...cues].join('\n');
}

/** `hh:mm:ss.mmm`; rounded once, so that no part reaches 60. */
function cueTime(seconds: number, point: '.' | ','): string {
  const ms = Math.round(seconds * 1000);
  const parts = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, Math.floor(ms / 1000) % 60];
  const clock = parts.map((part) => String(part).padStart(2, '0')).join(':');
  return `${clock}${point}${String(ms % 1000).padStart(3, '0')}`;
}

/** A blank line would end the cue, and an arrow would begin another one. */
function oneBlock(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, '\n').replaceAll('-->', '->');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
