/** One thing said, and when it is on screen as a subtitle; times are seconds. */
export interface Subtitle extends Said {
  readonly to: number;
}

/** One thing said; `from` is seconds. */
export interface Said {
  readonly who: 'You' | 'Duet';
  readonly text: string;
  readonly from: number;
}

/**
 * What was said as subtitles, in order of time. Each stays as long as it takes to read, and gives way to the
 * next; things said at the same moment stay together.
 */
export function subtitlesOf(said: readonly Said[]): readonly Subtitle[] {
  const ordered = [...said].sort((a, b) => a.from - b.from);
  let next = Infinity;
  let from = Infinity;
  const timed = ordered.reverse().map((entry) => {
    if (entry.from < from) [next, from] = [from, entry.from];
    const read = entry.from + Math.max(leastSeconds, entry.text.length / readingSpeed);
    return { ...entry, to: Math.min(next, read) };
  });
  return timed.reverse();
}

/** SubRip: numbered cues, decimal comma, the speaker before the text. */
export function subRip(subtitles: readonly Subtitle[]): string {
  return subtitles
    .map(({ who, text, from, to }, index) => {
      const times = `${cueTime(from, ',')} --> ${cueTime(to, ',')}`;
      return `${index + 1}\n${times}\n${who}: ${oneBlock(text)}\n`;
    })
    .join('\n');
}

/** WebVTT with voice tags; markup in the text is escaped. */
export function webVtt(subtitles: readonly Subtitle[]): string {
  const cues = subtitles.map(({ who, text, from, to }) => {
    const times = `${cueTime(from, '.')} --> ${cueTime(to, '.')}`;
    return `${times}\n<v ${who}>${escaped(oneBlock(text))}\n`;
  });
  return ['WEBVTT\n', ...cues].join('\n');
}

/** Characters a person reads in a second, and the least seconds a subtitle stays. */
const readingSpeed = 15;
const leastSeconds = 2;

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
