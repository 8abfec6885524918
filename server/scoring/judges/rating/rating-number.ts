/** The number at the start of a line; null if there is none that could be meant as a rating. */
export function numberAt(line: string, top: Top): RatingNumber | null {
  const found = number.exec(line);
  if (found === null) return null;
  const [whole, sign, figure = '', fraction, scale] = found;
  const after = line.slice(whole.length);
  const isRemark = scale !== undefined && /^\s*-\s/.test(after);
  if (range.test(after) && !isRemark) return { value: null, after };
  if (!ending.test(after) && !isRemark) return null;
  const value = figureOf(figure);
  const isWhole = sign === '' && (fraction === undefined || /^0+$/.test(fraction));
  const isOnScale = (scale === undefined || figureOf(scale) === top) && value >= 1 && value <= top;
  return { value: isWhole && isOnScale ? value : null, after };
}

/** The highest rating of a scale that starts at 1. */
export type Top = 3 | 5;

/** A number in the place of a rating. */
interface RatingNumber {
  /**
   * Null if the number is not a rating: a fraction, outside the scale, on another scale, or part of a range.
   */
  readonly value: number | null;
  /** What follows on the line. */
  readonly after: string;
}

const words = ['one', 'two', 'three', 'four', 'five'];
const outOf =
  '(?:/|out\\s+of(?:\\s+an?\\s+(?:possible|maximum|total)(?:\\s+of)?)?|of|von|sur|de|di|van|aus|из)';
const number = new RegExp(
  `^([-+~≈<>]?)\\s*(\\d+|(?:${words.join('|')})(?!\\p{L}))(?:[.,](\\d+))?` +
    `(?:\\s*${outOf}\\s*(\\d+|five|three)(?:[.,]0+)?)?(?![\\p{N}\\u2044%])`,
  'iu',
);
/** What may follow a rating: the end, a unit, punctuation, or the start of a reason. */
const ending = new RegExp(
  '^\\s*(?:stars?|points?|pts?|Punkte?n?|Sterne?|分|点|점|балл\\p{L}*)?(?:です|입니다)?\\s*' +
    "(?:$|[!'’。，\\p{Extended_Pictographic}]|[.,;:=…](?!\\d)|[-–—]\\s+[^\\d\\s]|[–—]\\p{L}|" +
    '(?:because|since|as|due|for|but|with)\\b)',
  'iu',
);
const range = /^\s*(?:-|–|—|~|to\b|or\b|and\b|bis\b|oder\b|,\s)\s*\d/i;

function figureOf(figure: string): number {
  const word = words.indexOf(figure.toLowerCase());
  return word === -1 ? Number(figure) : word + 1;
}

/** The number after a label; a word or two may stand between them. */
export function numberAfter(text: string, top: Top): RatingNumber | null {
  const [line = ''] = text.replace(joining, '').split('\n');
  // "Score: 4 Explanation: ..."
  return numberAt(line.replace(/^(\d)(?=\s+\p{Lu})/u, '$1.'), top);
}

/** What may stand between a label and its number. */
const joining = new RegExp(
  '^(?:\\s|["\'’:=为為是は은는]|->|→|' +
    '(?:is|of|as|an?|ist|lautet|est|de|es|therefore|thus|(?:should|would|must)\\s+be)\\s)*',
  'i',
);

const usingA = '\\b(?:(?:on|using|with|in)\\s+)?(?:an?\\s+|the\\s+)?';

/** Phrases that state a scale; the group captures its highest rating. */
const scales = [
  `${usingA}scale\\s*(?:of|from|is)\\s*(?:\\d+\\s*(?:-|–|—|~|to|through|and)\\s*)?(\\d+)`,
  `${usingA}scale\\s*[:(]?\\s*\\d+\\s*(?:-|–|—|~|to|through)\\s*(\\d+)`,
  `${usingA}\\d+\\s*(?:-|–|—|~|to|through)\\s*(\\d+)\\s+scale`,
  '\\b(?:on\\s+)?(?:an?\\s+|the\\s+)?(\\d+)[- ]points?\\s+scale',
  '\\b(?:max(?:imum|\\.)?|highest)(?:\\s+(?:possible\\s+)?(?:score|rating|points?))?' +
    '\\s*(?:is|of|:)?\\s*(\\d+)',
  '满分(?:为|是)?\\s*(\\d+)\\s*分?',
].map((pattern) => new RegExp(pattern, 'gi'));

/** Whether every scale stated in a text is the expected one. */
export function scaleFits(text: string, top: Top): boolean {
  return scales.every((scale) => Array.from(text.matchAll(scale)).every((match) => Number(match[1]) === top));
}

/**
 * A text without stated scales and without remarks in brackets; brackets around a lone number are removed.
 */
export function withoutScales(text: string, top: Top): string {
  const whole =
    '(?:\\b(?:from|between)\\s+)?(?<![\\d.,-])1\\s*(?:-|–|—|~|to|through|and)\\s*' + `${top}(?![\\d.,]*\\d)`;
  return scales
    .reduce((left, scale) => left.replace(scale, ' '), text)
    .replaceAll(new RegExp(whole, 'gi'), ' ')
    .replaceAll(/\(([^()\n]{0,400})\)/g, (_, inner: string) => (opens.test(inner) ? ` ${inner} ` : ' '))
    .replaceAll(/[()]/g, ' ');
}

/** The inside of a bracket that holds only a number, a scale, or both. */
const opens = new RegExp(`^\\s*(?:[\\d.]+(?:\\s*${outOf}\\s*\\d+)?|${outOf}\\s*\\d+)\\s*$`, 'i');
