import { z } from 'zod';
import { findLines, type FoundLines } from '../../data/json/json-lines-file.js';
import { fileFault } from '../../data/json/file-fault.js';
import { checkValue, parseJson } from '../../data/json/parse-json.js';
import type { Prediction } from '../../data/prediction.js';
import { jsonOf, questionIdSchema, questionKey } from '../../data/question-id.js';
import type { Mode } from '../../mode.js';
import type { JudgedFields } from '../judged-benchmark.js';
import { isSameJudge, judgedBySchema, type JudgedBy } from '../judged-by.js';

/**
 * Reads an existing judged file. A line with an unrated case is judged again, and so are the lines after it,
 * whose replies are usually cached. Throws, naming the line, if another command wrote the file.
 */
export function readPartlyJudged(file: string, mode: Mode): PartlyJudged {
  const whole = findLines(file, '{"question_id":');
  const lines = whole.lines.map(({ number, text }) => {
    const source = { file, firstLine: number, text };
    return { number, text, fields: checkValue(lineSchema, parseJson(source), source) };
  });
  const unrated = lines.findIndex(({ fields }) => mode === 'strict' && hasUnrated(fields));
  const found = unrated === -1 ? whole : firstLines(whole, unrated);
  const done = new Map<string, DoneLine[]>();
  for (const { number, fields } of lines.slice(0, found.lines.length)) {
    const key = questionKey(fields.question_id, mode);
    done.set(key, [...(done.get(key) ?? []), { number, fields }]);
  }
  return { file, found, done };
}

/** A judged file that may be incomplete: the lines before the first one that must be judged again. */
export interface PartlyJudged {
  readonly file: string;
  readonly found: FoundLines;
  readonly done: ReadonlyMap<string, readonly DoneLine[]>;
}

/** A line that was judged before. */
interface DoneLine {
  readonly number: number;
  readonly fields: JudgedFields;
}

const lineSchema = z.looseObject({
  question_id: questionIdSchema,
  evaluator_output: z.array(z.unknown()),
  n_unparsable_replies: z.int().optional(),
  judge: judgedBySchema,
});

function hasUnrated({ evaluator_output: rows, n_unparsable_replies: nUnparsable }: JudgedFields): boolean {
  const entries: readonly unknown[] = Array.isArray(rows) ? rows.flat() : [];
  return (nUnparsable ?? 0) > 0 || entries.includes(null);
}

function firstLines({ lines }: FoundLines, count: number): FoundLines {
  const kept = lines.slice(0, count);
  return {
    lines: kept,
    wholeBytes: kept.reduce((bytes, { text }) => bytes + Buffer.byteLength(text) + 1, 0),
  };
}

/** Yields the predictions that have no line yet. */
export async function* notYetJudged(
  predictions: AsyncIterable<Prediction>,
  { done }: PartlyJudged,
  mode: Mode,
): AsyncGenerator<Prediction> {
  const left = new Map([...done].map(([key, lines]) => [key, lines.length]));
  for await (const prediction of predictions) {
    const key = questionKey(prediction.questionId, mode);
    const count = left.get(key) ?? 0;
    if (count === 0) yield prediction;
    else left.set(key, count - 1);
  }
}

/** Checks that existing lines match what would be judged now. */
interface DoneCheck {
  /** Checks the next line a whole run would write; its ratings do not matter. */
  readonly expect: (fields: JudgedFields) => void;
  /** Throws if there are lines without a prediction. */
  readonly finish: () => void;
}

/** Begins to compare a partly judged file with the current predictions, annotations and judge. */
export function checkDone({ file, done }: PartlyJudged, judge: JudgedBy, mode: Mode): DoneCheck {
  const left = new Map([...done].map(([key, lines]) => [key, [...lines]]));
  const choose = 'choose another file with -o, or remove this one to judge again';
  return {
    expect: (fields) => {
      const line = left.get(questionKey(fields.question_id, mode))?.shift();
      if (line === undefined) return;
      const place = { file, line: line.number };
      if (!isSameJudge(line.fields.judge, judge)) {
        const earlier = `${line.fields.judge?.id ?? 'nobody'} (${line.fields.judge?.mode ?? '?'})`;
        const message = `was judged by ${earlier} under other settings; ${choose}`;
        throw fileFault({ ...place, field: 'judge' }, message);
      }
      if (withoutRatings(line.fields) !== withoutRatings(fields)) {
        throw fileFault(place, `was judged from other predictions or annotations; ${choose}`);
      }
    },
    finish: () => {
      const [line] = [...left.values()].flat();
      if (line === undefined) return;
      const place = { file, line: line.number, field: 'question_id' };
      throw fileFault(place, `${line.fields.question_id} would not be judged now; ${choose}`);
    },
  };
}

/** A line without its ratings, independent of the order of its fields. */
function withoutRatings(fields: JudgedFields): string {
  const given = Object.entries(fields).filter(
    ([name]) => !['evaluator_output', 'n_unparsable_replies', 'judge'].includes(name),
  );
  return jsonOf(given.sort(([a], [b]) => (a < b ? -1 : 1)));
}
