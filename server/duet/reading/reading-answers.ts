import type { ReadingQuestion } from './reading-questions.js';
import type { ReadingLanguage } from './reading-rules.js';
import { placeOf, textPlaces, type SeenText, type TextPlace } from './seen-texts.js';
import { holdsWords } from './words-in-text.js';

/**
 * The answer to a question about what can be read now, from the texts in the order in which one reads; null:
 * the picture could not be read.
 */
export function readingAnswer(
  question: Exclude<ReadingQuestion, { type: 'watch' }>,
  present: readonly SeenText[] | null,
): ReadingReply {
  const say = sentences[question.language];
  const keys = ['answered'];
  if (present === null) return { text: say.cannot, keys, confidence: 1 };
  if (question.type === 'says') {
    const found = textsWith(question.words, present);
    if (found.length === 0) return { text: say.no(say.quote(question.words)), keys, confidence: 1 };
    return { text: say.yes(quoted(found, question.language)), keys, confidence: leastSure(found) };
  }
  const { place } = question;
  const asked = place === null ? present : present.filter(({ line }) => placeOf(line) === place);
  if (asked.length === 0) return { text: say.nothing(place && say.places[place]), keys, confidence: 1 };
  return { text: capital(quoted(asked, question.language)), keys, confidence: leastSure(asked) };
}

/**
 * What there is to tell of texts to somebody who waits for them; null if there is nothing. `said`: the keys
 * of what was told before.
 */
export function readingReport(
  { language, words }: Extract<ReadingQuestion, { type: 'watch' }>,
  news: readonly SeenText[],
  said: ReadonlySet<string>,
): ReadingReply | null {
  const wanted = words === null ? news : textsWith(words, news);
  const unsaid = wanted.filter(({ number }) => !said.has(String(number)));
  if (unsaid.length === 0) return null;
  const keys = unsaid.map(({ number }) => String(number));
  return { text: capital(quoted(unsaid, language)), keys, confidence: leastSure(unsaid) };
}

/** Something to say about text. */
export interface ReadingReply {
  readonly text: string;
  /** What it tells, so that it is told once. */
  readonly keys: readonly string[];
  /** Of the least sure reading in it. */
  readonly confidence: number;
}

/**
 * The texts that hold words: those that do by themselves, or else all if they do together, as on two lines.
 */
function textsWith(words: string, texts: readonly SeenText[]): readonly SeenText[] {
  const alone = texts.filter(({ line }) => holdsWords(line.text, words));
  if (alone.length > 0) return alone;
  return holdsWords(texts.map(({ line }) => line.text).join(' '), words) ? texts : [];
}

function leastSure(texts: readonly SeenText[]): number {
  return Math.min(...texts.map(({ line }) => line.confidence));
}

/** Texts as one sentence, word by word; with their places if these differ. */
function quoted(texts: readonly SeenText[], language: ReadingLanguage): string {
  const say = sentences[language];
  const shown = texts.slice(0, mostQuoted);
  const groups = textPlaces.flatMap((place) => {
    const here = shown.filter(({ line }) => placeOf(line) === place);
    return here.length === 0 ? [] : [{ place, quotes: here.map(({ line }) => say.quote(line.text)) }];
  });
  const [only, ...others] = groups;
  const parts =
    only !== undefined && others.length === 0
      ? [say.reads(only.quotes.join(say.comma), only.place === 'middle' ? null : say.places[only.place])]
      : groups.map(({ place, quotes }) => say.reads(quotes.join(say.comma), say.places[place]));
  const left = texts.length - shown.length;
  return `${parts.join(say.between)}${left === 0 ? '' : say.more(left)}${say.stop}`;
}

/** A page of print is not read out. */
const mostQuoted = 8;

/** What is said, by language, for a native speaker to check; places come before what is read there. */
const sentences: Readonly<Record<ReadingLanguage, Sentences>> = {
  en: {
    places: { left: 'on the left', middle: 'in the middle', right: 'on the right' },
    quote: (text) => `"${text}"`,
    reads: (quotes, place) => (place === null ? `it says ${quotes}` : `${place} it says ${quotes}`),
    yes: (sentence) => `Yes, ${sentence}`,
    no: (words) => `No, I do not read ${words}.`,
    nothing: (place) => `I see nothing that I can read${place === null ? '' : ` ${place}`}.`,
    cannot: 'I cannot read in this video.',
    more: (count) => `, and ${count} more`,
    ...{ comma: ', ', between: '; ', stop: '.' },
  },
  fr: {
    places: { left: 'à gauche', middle: 'au milieu', right: 'à droite' },
    quote: (text) => `« ${text} »`,
    reads: (quotes, place) =>
      place === null ? `il est écrit ${quotes}` : `${place}, il est écrit ${quotes}`,
    yes: (sentence) => `Oui, ${sentence}`,
    no: (words) => `Non, je ne lis pas ${words}.`,
    nothing: (place) => `Je ne vois rien que je puisse lire${place === null ? '' : ` ${place}`}.`,
    cannot: 'Je ne peux pas lire dans cette vidéo.',
    more: (count) => ` et ${count} de plus`,
    ...{ comma: ', ', between: ' ; ', stop: '.' },
  },
  es: {
    places: { left: 'a la izquierda', middle: 'en el medio', right: 'a la derecha' },
    quote: (text) => `«${text}»`,
    reads: (quotes, place) => (place === null ? `pone ${quotes}` : `${place} pone ${quotes}`),
    yes: (sentence) => `Sí, ${sentence}`,
    no: (words) => `No, no leo ${words}.`,
    nothing: (place) => `No veo nada que pueda leer${place === null ? '' : ` ${place}`}.`,
    cannot: 'No puedo leer en este vídeo.',
    more: (count) => ` y ${count} más`,
    ...{ comma: ', ', between: '; ', stop: '.' },
  },
  zh: {
    places: { left: '左边', middle: '中间', right: '右边' },
    quote: (text) => `“${text}”`,
    reads: (quotes, place) => `${place ?? '上面'}写着${quotes}`,
    yes: (sentence) => `是的，${sentence}`,
    no: (words) => `没有，我没有读到${words}。`,
    nothing: (place) => `${place ?? ''}没有我能读出的文字。`,
    cannot: '我读不了这个视频里的文字。',
    more: (count) => `，还有${count}处`,
    ...{ comma: '、', between: '；', stop: '。' },
  },
};

interface Sentences {
  readonly places: Readonly<Record<TextPlace, string>>;
  readonly quote: (text: string) => string;
  readonly reads: (quotes: string, place: string | null) => string;
  readonly yes: (sentence: string) => string;
  readonly no: (words: string) => string;
  readonly nothing: (place: string | null) => string;
  readonly cannot: string;
  readonly more: (count: number) => string;
  readonly comma: string;
  readonly between: string;
  readonly stop: string;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
