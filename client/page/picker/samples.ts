import { footageKinds, type Footage } from '../../../server/settings/footage.js';
import { field, httpAddress, listAt } from '../server/http.js';
import type { AnnotatedQuestion } from '../state/view.js';

/** A clip bundled with the server. */
export interface SampleClip {
  readonly name: string;
  /** Where to play it from. */
  readonly url: string;
  readonly questions: readonly string[];
  /** When something is due for each of them, as far as that is annotated. */
  readonly annotated: readonly AnnotatedQuestion[];
  /** What its pictures show, for which a model suits or not. */
  readonly footage: Footage;
}

/** The clips bundled with the server; throws `DuetClientError` when it refuses. */
export async function loadSamples(): Promise<readonly SampleClip[]> {
  return (await listAt('/v1/samples')).flatMap(readSample);
}

/**
 * Questions for the card of a sample, at most `most` and without repeats: the most specific one last, the
 * first listed ones before it.
 */
export function cardQuestions(
  sample: SampleClip,
  all: readonly SampleClip[],
  most: number,
): readonly string[] {
  const telling = tellingQuestion(sample, all);
  if (telling === null) return [];
  const others = [...new Set(sample.questions)].filter((question) => question !== telling);
  return [...others.slice(0, most - 1), telling];
}

/** The most specific question of a sample: the one shared by the fewest others, the first on ties. */
export function tellingQuestion(sample: SampleClip, all: readonly SampleClip[]): string | null {
  const sharing = (text: string): number => all.filter(({ questions }) => questions.includes(text)).length;
  const [first = null] = sample.questions.toSorted((a, b) => sharing(a) - sharing(b));
  return first;
}

/** Drops invalid entries; a sample needs a name and an address. */
function readSample(value: unknown): readonly SampleClip[] {
  const name = field(value, 'name');
  const url = field(value, 'url');
  const questions = field(value, 'questions');
  if (typeof name !== 'string' || typeof url !== 'string') return [];
  const asked = Array.isArray(questions) ? questions : [];
  const texts = asked.map((question) => field(question, 'text'));
  const footage = footageKinds.find((kind) => kind === field(value, 'footage')) ?? 'real';
  return [
    {
      name,
      footage,
      url: httpAddress(url),
      questions: texts.filter((text) => typeof text === 'string'),
      annotated: asked.flatMap(readSpans),
    },
  ];
}

function readSpans(question: unknown): readonly AnnotatedQuestion[] {
  const [text, spans] = [field(question, 'text'), field(question, 'spans')];
  if (typeof text !== 'string' || !Array.isArray(spans)) return [];
  const read = spans.flatMap((span: unknown) => {
    const [from, to] = Array.isArray(span) ? span.map((time: unknown) => time) : [];
    return typeof from === 'number' && typeof to === 'number' ? [{ from, to }] : [];
  });
  return [{ question: text, spans: read }];
}

/** A name such as `street-cat_2` as a title: `Street cat 2`. */
export function titleOf(name: string): string {
  const words = name.replaceAll(/[-_]+/g, ' ').trim();
  return words === '' ? name : words.charAt(0).toUpperCase() + words.slice(1);
}
