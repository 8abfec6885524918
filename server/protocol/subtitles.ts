import { captionPages } from './caption-lines.js';

/** What is on screen at once, and when; times are seconds. The text has at most two lines. */
export interface Subtitle extends Said {
  readonly to: number;
  /** Whether its speaker is named where the format has no other way to say who speaks. */
  readonly named: boolean;
}

/** One thing said; `from` is seconds. */
export interface Said {
  readonly who: 'You' | 'Duet';
  readonly text: string;
  readonly from: number;
}

/**
 * What was said as subtitles, in order of time: broken into lines that can be read, a long text into several,
 * one after another. Each stays as long as it takes to read; where the next thing is said sooner it is
 * shorter, though not below a second, so that the next may begin up to three seconds late. None overlap.
 * Speakers are named where there is more than one.
 */
export function subtitlesOf(said: readonly Said[]): readonly Subtitle[] {
  const several = new Set(said.map(({ who }) => who)).size > 1;
  const ordered = [...said].sort((a, b) => a.from - b.from);
  const subtitles: Subtitle[] = [];
  let free = -Infinity;
  for (const [index, entry] of ordered.entries()) {
    const { who, from } = entry;
    const pages = pagesOf(entry, several);
    const times = pages.map(readingSeconds);
    const start = Math.max(from, free);
    const scale = fitting(times, start, ordered[index + 1]?.from ?? Infinity);
    free = start;
    for (const [page, text] of pages.entries()) {
      const to = free + (times[page] ?? 0) * scale;
      subtitles.push({ who, text, from: free, to, named: several && page === 0 });
      free = to;
    }
  }
  return subtitles;
}

/** SubRip: numbered cues, decimal comma, the speaker before the text where there are several. */
export function subRip(subtitles: readonly Subtitle[]): string {
  return subtitles
    .map(({ who, text, from, to, named }, index) => {
      const times = `${cueTime(from, ',')} --> ${cueTime(to, ',')}`;
      return `${index + 1}\n${times}\n${named ? `${who}: ` : ''}${oneBlock(text)}\n`;
    })
    .join('\n');
}

/** WebVTT with voice tags; markup in the text is escaped. */
export function webVtt(subtitles: readonly Subtitle[]): string {
  return [webVttHeading, ...subtitles.map(webVttCue)].join('\n');
}

/** The line that a WebVTT text begins with; an empty line follows. */
export const webVttHeading = 'WEBVTT\n';

/** One cue of WebVTT; an empty line comes before it. */
export function webVttCue({ who, text, from, to }: Subtitle): string {
  return `${cueTime(from, '.')} --> ${cueTime(to, '.')}\n<v ${who}>${escaped(oneBlock(text))}\n`;
}

/** Characters a person reads in a second, and the least and most seconds that a subtitle should stay. */
const readingSpeed = 15;
const leastSeconds = 2;
const mostSeconds = 7;

/**
 * Seconds below which a subtitle that is cut short by the next is not read, and how late that may then be.
 */
const glanceSeconds = 1;
const latestSeconds = 3;

/** Seconds for which a subtitle stays however much is said at once. */
const flashSeconds = 0.25;

function pagesOf({ who, text }: Said, named: boolean): readonly string[] {
  const label = named ? `${who}: ` : '';
  const [first = '', ...others] = captionPages(label + text).map((lines) => lines.join('\n'));
  return [first.slice(label.length), ...others].filter(Boolean);
}

/** How long a subtitle should stay, so that it can be read, in seconds. */
export function readingSeconds(text: string): number {
  return Math.min(mostSeconds, Math.max(leastSeconds, text.length / readingSpeed));
}

/** By how much subtitles from `start` on are shortened, since something else is said at `next`. */
function fitting(times: readonly number[], start: number, next: number): number {
  const wanted = times.reduce((sum, seconds) => sum + seconds, 0);
  const room = next - start;
  if (wanted <= room) return 1;
  const readable = Math.min(times.length * glanceSeconds, room + latestSeconds);
  return Math.min(1, Math.max(room, readable, times.length * flashSeconds) / wanted);
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
