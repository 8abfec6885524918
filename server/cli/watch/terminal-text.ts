import type { SpendingFigures } from '../../runtime/spending-figures.js';
/** Seconds as `mm:ss`, or `h:mm:ss` from one hour; fractions are cut off. */
export function clockTime(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const twoDigits = (value: number): string => String(value).padStart(2, '0');
  const tail = `${twoDigits(minutes)}:${twoDigits(rest)}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
}

/** Text without control characters, so that it cannot control the terminal. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ');
}

const blocks = '▁▂▃▄▅▆▇█';

/** One character for a score between 0 and `most`. */
export function scoreBlock(score: number, most: number): string {
  const share = Math.min(Math.max(score / most, 0), 1);
  return blocks[Math.min(Math.floor(share * blocks.length), blocks.length - 1)] ?? '';
}

/** The newest scores as a bar of exactly `width` characters, older ones to the left. */
export function scoreBar(scores: readonly number[], most: number, width: number): string {
  return scores
    .slice(-width)
    .map((score) => scoreBlock(score, most))
    .join('')
    .padStart(width);
}

/** What a session has cost at a model behind an API. */
export function describeSpending({ calls, dollars, inputTokens }: SpendingFigures): string {
  const requests = `${calls} ${calls === 1 ? 'request' : 'requests'}`;
  return `${requests}, ${inputTokens} tokens in${dollarsText(dollars)}`;
}

/** An amount of dollars behind other figures; nothing if it is not known. */
export function dollarsText(dollars: number | null): string {
  return dollars === null ? '' : `, $${dollars.toFixed(dollars < 1 ? 4 : 2)}`;
}
