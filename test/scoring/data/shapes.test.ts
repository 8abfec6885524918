import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { scoreFiles, type Outcome } from '../support/score-files.js';
import { temporaryFiles } from '../support/temporary-files.js';

const item = {
  question_id: 'a',
  conversation: [{ content: 'What happens?' }],
  answer: [{ content: 'A man opens the door.', time: [2, 6] }],
};
const line = {
  question_id: 'a',
  model_response_list: [{ role: 'assistant', content: 'A man opens the door.', time: 3 }],
  video_duration: 10,
};
const goldText = JSON.stringify([item]);
const predText = JSON.stringify(line);

async function score(
  gold: string | Uint8Array,
  pred: string | Uint8Array,
  ...flags: string[]
): Promise<Outcome> {
  using files = temporaryFiles();
  const paths = ['--gold', files.write('gold.json', gold), '--pred', files.write('pred.jsonl', pred)];
  return await scoreFiles('magqa', [...paths, '--judge', 'lexical', ...flags]);
}

function messageOf(outcome: Outcome): string {
  if (outcome.type === 'scored') throw new Error('it was scored');
  return outcome.message.replaceAll(/\S*\/(?=gold\.json|pred\.jsonl)/g, '');
}

const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');

describe('files are read', () => {
  test.each<[string, string | Uint8Array, string | Uint8Array]>([
    ['as PowerShell writes them, in UTF-16', utf16(goldText), utf16(predText)],
    ['in big-endian UTF-16', utf16(goldText).swap16(), utf16(predText).swap16()],
    ['as a pretty-printed array', JSON.stringify([item], null, 4), predText],
  ])('%s', async (_name, gold, pred) => {
    expect(await score(gold, pred)).toMatchObject({ report: { in_span: 5, counts: { n_scored: 1 } } });
  });
});

const database = { database: { abc: { subset: 'validation', annotations: [{ segment: [2, 6] }] } } };
const keyed = { v_1: item, v_2: item, v_3: item, v_4: item, v_5: item, v_6: item };

describe('annotations of another shape are told from those that are cut off', () => {
  test.each<[string, string | Uint8Array, string]>([
    [
      'an object over several lines',
      JSON.stringify(database, null, 2),
      'gold.json:1: is a JSON object with the fields "database"; expected an array or one object a line, each {question_id, ',
    ],
    [
      'the same on one line',
      JSON.stringify(database),
      'gold.json:1: is a JSON object with the fields "database"; expected',
    ],
    [
      'an object of questions by name',
      JSON.stringify(keyed, null, 1),
      'gold.json:1: is a JSON object with the fields "v_1", "v_2", "v_3", "v_4" and 2 more; expected an array',
    ],
    [
      'pretty-printed objects one after another',
      `${JSON.stringify({ ...item, question_id: 'b' })}\n${JSON.stringify(item, null, 2)}\n`,
      'gold.json:2: is a JSON object with the fields "question_id", "conversation", "answer" over 17 lines; expected',
    ],
    ['half a file', JSON.stringify(database, null, 2).slice(0, -9), 'gold.json:1: the JSON ends too early'],
    ['text behind an array', `${goldText}\nDone.`, 'gold.json:2: is not JSON: unexpected "Done."'],
    [
      'a trailing comma',
      goldText.replace(/\]$/, ',\n]'),
      'gold.json:2: is not JSON: a comma stands before the closing ]',
    ],
    ['what Python prints', "[{'question_id': 'a'}]", "single quotes are Python's way to print"],
    ['the None of Python', '[{"question_id": None}]', "None, True and False are Python's"],
    [
      'a comment',
      '[\n// first\n]',
      'gold.json:2: is not JSON: unexpected "// first\\n]" (JSON has no comments)',
    ],
    ['a web page', '<!DOCTYPE html>\n<html></html>', 'gold.json:1: is a web page or XML, not JSON'],
    ['a table', 'qid,query,duration\n1,x,10\n', 'gold.json:1: looks like a table (CSV)'],
    ['a pointer of Git LFS', 'version https://git-lfs.github.com/spec/v1\noid sha256:1\n', 'git lfs pull'],
    ['a packed file', gzipSync(goldText), 'gold.json: is packed with gzip; unpack it first, as in: gunzip '],
    ['UTF-16 cut in half', utf16(goldText).subarray(0, 21), 'is not valid'],
  ])('%s', async (_name, gold, message) => {
    expect(messageOf(await score(gold, predText))).toContain(message);
  });
});

describe('predictions of another shape are told from those that are cut off', () => {
  test.each<[string, string | Uint8Array, string]>([
    [
      'an object over several lines',
      `${predText}\n${JSON.stringify(line, null, 2)}`,
      'pred.jsonl:2: is a JSON object with the fields "question_id", "model_response_list", "video_duration" over 11 lines; expected one object a line',
    ],
    [
      'a pretty-printed array',
      JSON.stringify([line], null, 2),
      'pred.jsonl:1: is a JSON array of 1 over 13 lines; expected one object a line',
    ],
    ['half a line', `${predText}\n${predText.slice(0, 30)}`, 'pred.jsonl:2: the JSON ends too early'],
    [
      'half a line in the middle',
      `${predText.slice(0, 30)}\n${predText}`,
      'pred.jsonl:1: the JSON ends too early',
    ],
    ['a packed file', gzipSync(predText), 'pred.jsonl: is packed with gzip; unpack it first'],
  ])('%s', async (_name, pred, message) => {
    expect(messageOf(await score(goldText, pred))).toContain(message);
  });
});

describe.each(['strict', 'compat'])('numbers that are none, as Python writes them, in %s mode', (mode) => {
  const frame = '{"time":0,"informative_score":NaN,"relevance_score":-Infinity}';
  const withFrames = predText.replace(/\}$/, `,"debug_data":[${frame}]}`);

  test('are read where nobody uses them', async () => {
    const flags = ['--mode', mode, '--num-examples', '1'];
    expect(await score(goldText, withFrames, ...flags)).toMatchObject({ report: { in_span: 5 } });
    const tagged = goldText.replace('"a",', '"a","difficulty":NaN,');
    expect(await score(tagged, predText, ...flags)).toMatchObject({ report: { in_span: 5 } });
  });

  test('are refused, naming the field, where a time is needed', async () => {
    const message = messageOf(
      await score(goldText, predText.replace('"time":3', '"time":NaN'), '--mode', mode),
    );
    expect(message).toMatch(/^pred\.jsonl:1: field model_response_list\[0\]\.time: .*NaN/);
  });

  test('make a grounding track say nothing in compat, and are refused in strict', async () => {
    using files = temporaryFiles();
    const gold = files.write('gold.json', '[{"question_id":"a","timestamps":[[0,2]]}]');
    const frames = ['0.9', 'NaN', '0.1'].map(
      (score, index) => `{"time":${index},"relevance_score":${score}}`,
    );
    const text = `{"question_id":"a","model_response_list":[],"video_duration":3,"debug_data":[${frames.join(',')}]}`;
    const flags = ['--gold', gold, '--pred', files.write('pred.jsonl', text), '--mode', mode];
    const outcome = await scoreFiles('grounding', [...flags, '--window', '0', '--threshold', '0.5']);
    if (mode === 'compat')
      expect(outcome).toMatchObject({ report: { scores: [0, 0, 0, 0], counts: { n_flat: 1 } } });
    else
      expect(messageOf(outcome)).toContain(
        'pred.jsonl:1: field debug_data[1].relevance_score: is NaN; expected',
      );
  });
});
