import type { Spoken } from './spoken.js';

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
