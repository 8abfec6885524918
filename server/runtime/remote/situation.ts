/**
 * What an engine is shown: always in this order, so that what it has read before stays a prefix. All of its
 * texts are {@link mereText}.
 */
export interface Situation {
  readonly systemPrompt: string;
  /** What the user asked, oldest first. */
  readonly questions: readonly string[];
  /** What was said lately, oldest first, the questions included. */
  readonly transcript: readonly Utterance[];
  /** Oldest first; the last one is the newest. */
  readonly pictures: readonly ShownPicture[];
  /** Seconds for which nobody would look if nothing is to be expected; null if that is not asked. */
  readonly lookAway: number | null;
}

/** One thing that was said. */
export interface Utterance {
  readonly by: 'user' | 'assistant';
  readonly text: string;
  /** Seconds on the video's clock; null if the video has none. */
  readonly time: number | null;
}

/** A picture as engines take it. */
export interface ShownPicture {
  /** `data:image/jpeg;base64,...` */
  readonly url: string;
  /** Seconds on the video's clock; null if the video has none. */
  readonly time: number | null;
}

/**
 * A text without what engines take for something else: special words of chat templates and the places of
 * pictures, such as `<|im_end|>`, `<image>`, `[INST]` or Ollama's `[img-0]`, get a space behind their first
 * character; controls go, and half characters, at which some engines fail.
 */
export function mereText(text: string): string {
  return text
    .replaceAll(/<(?=[^\s\d=<])|\[(?=\/?[a-z_][\w-]*\])/gi, '$& ')
    .replaceAll(/\p{Cs}|\p{Zl}|\p{Zp}|[^\P{Cc}\n\t]/gu, ' ');
}

/** The texts before the pictures: what stands, and what was said. */
export function describeTalk({ questions, transcript }: Situation): string {
  const asked = questions.map((text, index) => `${index + 1}. ${quoted(text)}`);
  const said = transcript.map(
    ({ by, text, time }) => `${clock(time)}${by === 'user' ? 'User' : 'Assistant'}: ${quoted(text)}`,
  );
  return [
    'Standing requests of the user:',
    ...(asked.length === 0 ? ['none'] : asked),
    '',
    'Said so far, oldest first:',
    ...(said.length === 0 ? ['nothing'] : said),
    '',
    'The newest pictures of the video, oldest first:',
  ].join('\n');
}

/** What stands before a picture. */
export function describePicture({ time }: ShownPicture, isNewest: boolean): string {
  return `${clock(time)}${isNewest ? 'The newest picture:' : 'Picture:'}`;
}

/** The statement whose probability is the informative score. */
export const informativeStatement =
  'The newest picture shows something that is new compared with the pictures before it and with what the ' +
  'assistant has said, and that is worth telling the user now.';

/** The statement whose probability is the relevance of a question. */
export function relevanceStatement(question: string): string {
  return (
    'The newest picture shows what this request of the user asks for, or lets it be answered now, and the ' +
    `assistant has not said so already: ${quoted(question)}`
  );
}

/** The statement whose probability tells that nobody needs to look for so many seconds. */
export function quietStatement(seconds: number): string {
  return (
    'Judging by the pictures so far, nothing that the user would want to be told is likely to happen within ' +
    `the next ${seconds} seconds.`
  );
}

/** A text as data: no line break or quote can end it. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

function clock(time: number | null): string {
  return time === null ? '' : `[${time.toFixed(1)} s] `;
}
