import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { jsonLine, questionKey } from '../../../server/scoring/data/question-id.js';
import { parseJson } from '../../../server/scoring/data/json/parse-json.js';
import { Journal } from '../../../server/scoring/runner/runs/journal.js';
import { readQuestions } from '../../../server/scoring/data/question.js';
import { predictionLine } from '../../../server/scoring/runner/runs/predictions.js';
import { jobOf } from '../../../server/scoring/runner/queue/bench-job.js';
import { scoreFiles } from '../support/score-files.js';
import { temporaryFiles } from '../support/temporary-files.js';
import { freshFolder, playSettings } from '../runner/recorded-run.js';

const parse = (text: string): unknown => parseJson({ file: 'a.json', firstLine: 1, text });
const magqa = ['--judge', 'lexical', '--save-judged'];

function gold(...ids: readonly string[]): string {
  const answer = '"answer":[{"content":"A man opens the door.","time":[2,6]}]';
  const items = ids.map((id) => `{"question_id":${id},"conversation":[{"content":"What?"}],${answer}}`);
  return `[${items.join(',')}]`;
}

function pred(...ids: readonly string[]): string {
  const turns = '"model_response_list":[{"role":"assistant","content":"A man opens the door.","time":3}]';
  return ids.map((id) => `{"question_id":${id},${turns},"video_duration":10}\n`).join('');
}

describe.each(['strict', 'compat'])('ids beyond 2^53 in %s mode', (mode) => {
  test('are told apart by their last digit, and written with all their digits', async () => {
    using files = temporaryFiles();
    const ids = ['7106872637432423685', '7106872637432423686', '-9007199254740993'];
    const judged = files.write('judged.jsonl', '');
    const paths = [
      '--gold',
      files.write('g.json', gold(...ids)),
      '--pred',
      files.write('p.jsonl', pred(...ids)),
    ];
    const scored = await scoreFiles('magqa', [...paths, '--mode', mode, ...magqa, judged]);
    expect(scored).toMatchObject({ report: { counts: { n_scored: 3, n_missing: 0, n_unknown: 0 } } });
    const written = readFileSync(judged, 'utf8').trimEnd().split('\n');
    expect(written.map((line) => /^\{"question_id":([^,]+),/.exec(line)?.[1])).toEqual(ids);
  });

  test('one off is another question, named with all its digits', async () => {
    using files = temporaryFiles();
    const goldFile = files.write('g.json', gold('7106872637432423685'));
    const predFile = files.write('p.jsonl', pred('7106872637432423686'));
    const flags = ['--gold', goldFile, '--pred', predFile, '--mode', mode, '--judge', 'lexical'];
    expect(await scoreFiles('magqa', flags)).toMatchObject({
      type: 'refused',
      message: expect.stringContaining('no annotation: 7106872637432423686;') as string,
    });
    expect(await scoreFiles('magqa', [...flags, '--skip-unknown'])).toMatchObject({
      report: { counts: { n_unknown: 1, n_missing: 1 } },
    });
  });
});

test.each([
  ['{"question_id":18446744073709551615}', { question_id: 18446744073709551615n }],
  ['{"a":[{"video_id":-9007199254740993}]}', { a: [{ video_id: -9007199254740993n }] }],
  // As Python does: written with a point or an exponent it is a double.
  ['{"question_id":7106872637432423685.0}', { question_id: 7106872637432423000 }],
  ['{"question_id":1e400}', { question_id: Infinity }],
  [
    '{"question_id":9007199254740991,"time":9007199254740993}',
    { question_id: 9007199254740991, time: 9007199254740992 },
  ],
  ['{"text":"id\\": 7106872637432423685","id":1}', { text: 'id": 7106872637432423685', id: 1 }],
])('%s keeps the digits of an id and rounds what is reckoned with', (text, value) => {
  expect(parse(text)).toEqual(value);
});

test('an id as a number and the same digits as text are one question in strict mode only', () => {
  expect(questionKey(7106872637432423685n, 'strict')).toBe(questionKey('7106872637432423685', 'strict'));
  expect(questionKey(7106872637432423685n, 'compat')).not.toBe(questionKey('7106872637432423685', 'compat'));
  expect(questionKey(1e21, 'strict')).toBe(questionKey(1000000000000000000000n, 'strict'));
});

test('a question with a long id is played, journalled and written under it', async () => {
  using files = temporaryFiles();
  const asked = '"conversation":[{"content":"What?"}],"answer":[]';
  const file = files.write('g.json', `[{"question_id":7106872637432423685,"video":"a.mp4",${asked}}]`);
  const [question] = await readQuestions(file);
  if (question === undefined) throw new Error('no question');
  const played = {
    question_id: question.questionId,
    video_duration: 1,
    replies: [],
    suppressed: [],
    frames: [],
  };
  const line = predictionLine(
    question,
    { ...played, unasked: 0, renewals: 0, warnings: [] },
    { delivery: false },
  );
  expect(line).toMatch(/^\{"question_id":7106872637432423685,"model_response_list":\[/);
  expect(jsonLine(played)).toMatch(/^\{"question_id":7106872637432423685,"video_duration":1,/);
  await using journal = await Journal.open(join(freshFolder(), 'journal.jsonl'), {});
  await journal.add({ ...played, unasked: 0, renewals: 0, warnings: [] });
  expect(journal.has(question.questionId)).toBe(true);
  expect(journal.has(7106872637432423686n)).toBe(false);
  expect(await journal.get(question.questionId)).toMatchObject({ video_duration: 1 });
  expect(JSON.stringify(jobOf(question, playSettings()))).toContain('"questionId":"7106872637432423685"');
});
