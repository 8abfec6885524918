/**
 * The words of a text that say something: in lower case, without punctuation, articles, auxiliaries and words
 * that only connect; numbers as digits. Scripts without spaces are taken character by character.
 */
export function saidWords(text: string): readonly string[] {
  const found = text.normalize('NFKC').toLowerCase().match(word) ?? [];
  return found.map((each) => numberWords.get(each) ?? each).filter((each) => !empty.has(each));
}

/** Whether two words are the same, or forms of one verb: "chops", "chopping". A plural is another word. */
export function isSameWord(one: string, other: string): boolean {
  if (one === other) return true;
  const isVerb = verbEnding.test(one) || verbEnding.test(other);
  return isVerb && stemOf(one) === stemOf(other);
}

/**
 * Whether a word is a number, a colour, a side or a negation: what changes while a sentence stays the same.
 */
export function isDistinctive(each: string): boolean {
  return /\p{N}/u.test(each) || changing.has(each);
}

const word =
  /\p{N}+(?:[.,:]\p{N}+)*|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|\p{L}[\p{L}\p{M}'’]*/gu;

const numberWords = new Map(
  'zero one two three four five six seven eight nine ten eleven twelve'
    .split(' ')
    .map((name, number) => [name, String(number)]),
);

const empty: ReadonlySet<string> = new Set(
  (
    'a an the some this that these those it its he she they his her their i you we there here ' +
    'is are was were be been being am has have had do does did can will would ' +
    'and then now so okay ok well yes look see currently just also still continue continues continuing keeps'
  ).split(' '),
);

const changing: ReadonlySet<string> = new Set(
  (
    'red orange yellow green blue purple violet pink brown black white grey gray golden silver ' +
    'left right middle centre center top bottom up down above below front behind ' +
    'in out on off open closed opens closes first second third last ' +
    "not no none never nobody nothing longer without isn't aren't doesn't don't didn't again another more less"
  ).split(' '),
);

const verbEnding = /.{3}(?:ing|ed)$/;

/** A rough stem of an English verb; good enough to tell forms of one from another verb. */
function stemOf(each: string): string {
  const bare = verbEnding.test(each)
    ? each.replace(/(?:ing|ed)$/, '')
    : each.replace(/(?:(?<=[sxz]|[cs]h)es|s)$/, '');
  return bare.replace(/e$/, '').replace(/(.)\1$/, '$1');
}
