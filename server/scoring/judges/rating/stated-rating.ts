import { plainReply, withoutMarkup } from './plain-reply.js';
import { ratingInJson } from './rating-in-json.js';
import { numberAfter, numberAt, scaleFits, withoutScales, type Top } from './rating-number.js';

export type { Top } from './rating-number.js';

/**
 * The rating a judge's reply states on the scale 1 to `top`; null if it states none, or more than one.
 * - Thoughts, markup, remarks in brackets and the scale itself ("out of 5", "on a scale of 1 to 5", "von 5")
 *   are ignored.
 * - In JSON, the field named like a rating counts.
 * - Otherwise the rating follows a label ("Score: 4"), starts the reply or stands alone on a line ("4", "4 -
 *   a small slip") or, failing both, is given by a sentence ("I would rate it 4").
 * - A number in that place that is not a whole number on the scale ("4.5", "7", "-4", "3-4", "4 out of 10")
 *   invalidates the reply, as do different ratings. A digit that is merely mentioned ("names 2 of the 3
 *   people") is never a rating.
 */
export function statedRating(reply: string, top: Top): number | null {
  const plain = plainReply(reply);
  const json = ratingInJson(plain);
  if (json.type === 'nothing') return null;
  if (json.type === 'rating') return ratingOfField(json.value, top);
  const text = withoutMarkup(plain);
  if (!scaleFits(text, top)) return null;
  const spoken = withoutScales(text, top);
  const said = labelled(spoken, top);
  const alone = standingAlone(spoken, top);
  // After a label, "2 of 3" on a line of its own is a remark.
  const shown = said.length > 0 ? [...said, ...alone.filter((rating) => rating !== null)] : alone;
  if (isRetracted(spoken)) return null;
  return agreed(shown.length > 0 ? shown : inSentences(spoken, top));
}

/** Whether a reply begins with its rating, so that it does not matter if it was cut off. */
export function beginsWithRating(reply: string, top: Top): boolean {
  const text = withoutScales(withoutMarkup(plainReply(reply)), top).trim();
  const [line = ''] = text.split('\n');
  const begins = line.search(label) === 0 || numberAt(line, top) !== null;
  // "4. The" may be the beginning of a list.
  return begins && !/^\d+[.)]\s*\S/.test(line) && statedRating(line, top) !== null;
}

/** Ratings that were found; null for a number that cannot be a rating. */
type Found = readonly (number | null)[];

function agreed(found: Found): number | null {
  const [first] = found;
  return first !== undefined && found.every((each) => each === first) ? first : null;
}

function ratingOfField(value: string | number, top: Top): number | null {
  if (typeof value === 'string') return statedRating(value, top);
  return Number.isInteger(value) && value >= 1 && value <= top ? value : null;
}

const strong = [
  'score|rating|grade|bewertung|wertung|punktzahl|puntuación|calificación|pontuação|avaliação',
  'punteggio|valutazione|beoordeling|оценка|评分|得分|分数|打分|評価|評点|評分|スコア|점수|평점',
  'nota|ocena|wynik|puan|betyg|skor|điểm|βαθμός|التقييم|الدرجة|अंक|रेटिंग',
].join('|');
const weak =
  'overall|final|note|rated|therefore|thus|answer|result|output|verdict|' +
  'evaluation|judge?ment|agreement|coverage|assessment';
const otherwise =
  'max(?:imum|\\.)?|min(?:imum|\\.)?|highest|lowest|possible|full|confidence|average|previous|game|match';
const about = '(?:\\s+(?:for|of)\\s+(?:the|this|that|my|your)\\s+\\p{L}+(?:\\s+\\p{L}+)?)?';
const mine =
  '^[ \\t]*(?:(?:based on|given|by|under)[ \\t]+(?:the|this|that|these|those)[ \\t]+' +
  '(?:above|analysis|comparison|criteria|guidelines|rubric|scale)[ \\t]*,?[ \\t]*)?' +
  '(?:(?:my|the|your|final|overall|correct|right|appropriate|similarity|agreement|coverage)\\s+){0,3}';

const degree =
  '(?:(?:very|mostly|largely|nearly|almost|quite|partly|partially|fully|completely|entirely)[ \\t]+)';
const quality = '(?:right|correct|accurate|good|similar|wrong|excellent|perfect|poor|bad)';
/** A line that is nothing but a remark and its number: "Very good, 4"; "Correct: 4" may be a count. */
const remark = `^[ \\t]*(?:verdict:[ \\t]*)?${degree}?${quality}`;
const certain = `^[ \\t]*(?:verdict:[ \\t]*)?${degree}${quality}`;
const numberAtLast = '[ \\t]*[1-5](?:[ \\t]*/[ \\t]*[35])?[ \\t.!]*$';
const noun = '(?:score|rating|grade|note|nota|bewertung|puntuación|calificación|punteggio)';

const unjoined = '(?<![\\p{Script=Latin}\\p{Script=Cyrillic}])';

/**
 * A label and what joins it to its number. Weak labels, and those without a colon, count only at the start of
 * a line.
 */
const label = new RegExp(
  [
    `(?<!(?:${otherwise})\\s{0,3})${unjoined}(?:${strong})${about}` +
      "\\s*['’]?(?:\\s*is)?\\s*(?:[:=]|->|→|—|–|- )",
    `${mine}(?:${weak})${about}\\s*[:=]`,
    `${mine}${noun}${about}(?![\\p{L}\\p{N}])`,
    `^[ \\t]*(?:le|la|die|il|o|a)\\s+${noun}(?![\\p{L}\\p{N}])`,
    '(?:スコア|評価|評点|점수|평점)[ \\t]*(?=[は은는])|(?:评分|評分|得分|分数)[ \\t]*(?=[为為是])',
    `${remark}(?:[ \\t]*[-–—.!,][ \\t]*|[ \\t]{2,})(?=${numberAtLast})`,
    `${certain}[ \\t]*:(?=${numberAtLast})`,
    `(?<![^])[ \\t]*(?:the\\s+)?(?:final\\s+)?(?:answer|verdict|result)\\s+is:?(?=${numberAtLast}(?![^]))`,
  ].join('|'),
  'gimu',
);

/** Ratings after labels; if any is called final or overall, only those. */
function labelled(text: string, top: Top): Found {
  const found = Array.from(text.matchAll(label)).flatMap((match) => {
    const number = numberAfter(text.slice(match.index + match[0].length), top);
    if (number === null) return [];
    const name = `${text.slice(Math.max(0, match.index - 12), match.index)}${match[0]}`;
    const value = isHedged(number.after) ? null : number.value;
    return [{ value, isLast: /(?:\b(?:final|overall|total)\b|最终|总)[^\n]*$/i.test(name) }];
  });
  const last = found.filter(({ isLast }) => isLast);
  return (last.length > 0 ? last : found).map(({ value }) => value);
}

/** Numbers on a line of their own or before a colon ("4: ..."), and one that begins the reply. */
function standingAlone(text: string, top: Top): Found {
  const lines = text
    .split('\n')
    .map((line) => line.replace(/^[\s:,.;'’–—]+(?:an?\s+)?|^an?\s+|^\p{Extended_Pictographic}\s*/u, ''))
    .filter((line) => line !== '');
  return lines.flatMap((line, index) => {
    const number = numberAt(line, top);
    if (number === null) return [];
    const { value, after } = number;
    // "1. The man ..." begins a list.
    const begins = index === 0 && !(value === 1 && /^[.)]\s*\S/.test(after));
    const counts = begins || /^[\s.,;:!]*$/.test(after) || /^\s*[:=]/.test(after);
    return counts ? [isHedged(after) ? null : value] : [];
  });
}

/** "2, maybe 3". */
function isHedged(after: string): boolean {
  return /^[^.\n]{0,30}?\b(?:maybe|perhaps|possibly|or|either|between)\b[^.\n]{0,20}\d/i.test(after);
}

const it = '(?:(?:the|this|that)\\s+(?:prediction|answer|response|reply)|it|this|that)';
const scoreOf =
  '(?:\\s+(?:as|at|with))?(?:\\s+an?(?:\\s+(?:solid|strong|clear|firm|weak|generous|full|perfect))?)?' +
  '(?:\\s+(?:score|rating|grade)\\s+of)?';
const giving = 'rate|score|grade|give|gave|assign|award';
const given = new RegExp(
  [
    `\\b(?:I|we)(?:['’](?:d|ll)|\\s+would|\\s+will)?\\s+(?:${giving}|say|choose)(?:\\s+${it})?${scoreOf}`,
    `\\b(?:rate|rated|rating|give|given|giving|assign|award)\\s+${it}${scoreOf}`,
    '\\b(?:deserves?|merits?|earns|warrants?|gets|receives)\\s+an?' +
      '(?:\\s+(?:score|rating|grade)\\s+of)?(?=\\s)',
    '\\b(?:so|thus|hence|therefore),?\\s+(?:(?:the|my|a)\\s+)?(?:score|rating|grade)' +
      '\\s+(?:is|of|would be|should be)',
    `\\b(?:it|this|that)(?:['’]s|\\s+is|\\s+(?:would|should)\\s+be)\\s+an?(?=\\s)`,
    `\\b(?:my\\s+(?:score|rating|grade)|the\\s+rating)\\s+(?:is|would be|should be)`,
    '\\brated(?:\\s+(?:as|at))?(?:\\s+an?)?(?=\\s)',
    '\\b(?:ich\\s+(?:gebe|vergebe)|(?:le\\s+)?doy|io\\s+do)(?:\\s+(?:un|ein))?(?=\\s)',
    '\\bje\\s+(?:(?:lui|y)\\s+)?(?:donne|mets|attribue)' +
      '(?:\\s+(?:la\\s+note|un\\s+score)\\s+de)?(?:\\s+un)?(?=\\s)',
    '我?给(?:它|出)?|打(?:了|出)?',
  ].join('|'),
  'giu',
);
const undecided = /\b(?:not|never|cannot|if|unless|rather than|instead of|almost|could|might)\b|n['’]t\b/i;

/** Numbers that a sentence gives as a rating; negated and conditional sentences are skipped. */
function inSentences(text: string, top: Top): Found {
  const sentences = text.split(/(?<=[.!?。])\s+|\n+/).filter((sentence) => !undecided.test(sentence));
  return sentences.flatMap((sentence) =>
    Array.from(sentence.matchAll(given)).flatMap((match) => {
      const number = numberAfter(sentence.slice(match.index + match[0].length), top);
      return number === null ? [] : [isHedged(number.after) ? null : number.value];
    }),
  );
}

/**
 * Whether a reply takes a rating back ("5 - no wait, 4"), which leaves unclear which one is meant. Only words
 * that begin a clause count, since replies also describe people who wait. A reply that ends with a final
 * rating is clear.
 */
function isRetracted(text: string): boolean {
  return retracted.test(text) && !settled.test(text);
}

const settled = /\bfinal\s+(?:score|rating|grade|answer)\b[^\n]{0,20}\d[^\n\d]{0,3}$/i;
const number = '(?<![\\d.,])\\d(?![\\d%])';
const second =
  "(?:(?:it|that|this)(?:['’]s|\\s+is|\\s+should\\s+be)|" +
  "(?:I(?:['’]d|\\s+would)?\\s+)?(?:say|rate|give)(?:\\s+(?:it|this))?|" +
  '(?:make|call)\\s+(?:it|that)|rather|score:?|an?)';
const retracted = new RegExp(
  [
    `(?:^|[-–—,.;:!?(]\\s*|\\bno\\s+)(?:oh\\s+)?wait\\b[^\\n]{0,160}${number}`,
    `\\b(?:scratch that|on (?:second thoughts?|reflection)|let me ` +
      `(?:revise|reconsider|correct))\\b[^]{0,160}${number}`,
    `\\d[^\\n]{0,20}\\b(?:no|sorry|hmm+|correction|actually|I mean)\\b[\\s,;:.!-]+(?:${second}\\s+){0,3}\\d`,
  ].join('|'),
  'im',
);
