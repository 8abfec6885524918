import { describe, expect, test } from 'vitest';
import { readQaAnnotations } from '../../../server/scoring/data/qa-annotations.js';
import { readPredictions } from '../../../server/scoring/data/read-predictions.js';
import { readRecordedJudge } from '../../../server/scoring/judges/kinds/recorded.js';
import { collect } from '../support/sources.js';
import { temporaryFiles } from '../support/temporary-files.js';

const good = '{"question_id":"a","model_response_list":[],"video_duration":1}';

async function predictionFault(content: string | Uint8Array): Promise<string> {
  using files = temporaryFiles();
  const path = files.write('pred.jsonl', content);
  const fault: unknown = await collect(readPredictions(path, { frames: true })).then(
    () => 'no fault',
    (thrown: unknown) => thrown,
  );
  return fault instanceof Error ? fault.message.replace(path, 'pred.jsonl') : String(fault);
}

const line = (fields: string) => `${good}\n\n{"question_id":"b",${fields}}`;
const frame = (fields: string) => line(`"model_response_list":[],"debug_data":[{"time":0},{${fields}}]`);

describe('a prediction file with a fault', () => {
  test.each([
    ['a line cut off', `${good}\n{"question_id":"b","model_res`, 'pred.jsonl:2: the JSON ends too early'],
    ['NaN', line('"video_duration":NaN'), 'pred.jsonl:3: field video_duration: Invalid input'],
    ['a missing id', '{"model_response_list":[]}', 'pred.jsonl:1: field question_id:'],
    ['an empty id', '{"question_id":"","model_response_list":[]}', 'pred.jsonl:1: field question_id:'],
    ['no replies', line('"video_duration":1'), 'pred.jsonl:3: field model_response_list: is missing'],
    [
      'a time that is text',
      line('"model_response_list":[{"time":"3","content":"x","role":"user"}]'),
      'pred.jsonl:3: field model_response_list[0].time: Invalid input: expected number, received string',
    ],
    [
      'an unknown role',
      line('"model_response_list":[{"time":3,"content":"x","role":"bot"}]'),
      'pred.jsonl:3: field model_response_list[0].role:',
    ],
    [
      'an infinite time',
      line('"model_response_list":[{"time":1e999,"content":"x","role":"user"}]'),
      'pred.jsonl:3: field model_response_list[0].time:',
    ],
    [
      'a negative duration',
      line('"model_response":"x","video_duration":-1'),
      'pred.jsonl:3: field video_duration:',
    ],
    [
      'an empty list of texts',
      line('"model_response":[],"video_duration":1'),
      'pred.jsonl:3: field model_response[0]:',
    ],
    [
      'a text answer without a duration',
      line('"model_response":"x"'),
      'pred.jsonl:3: field video_duration: is missing',
    ],
    [
      'a frame of no generation',
      frame('"relevance_score":0.5'),
      'pred.jsonl:3: field debug_data[1]: needs exactly one',
    ],
    ['mixed generations', frame('"video_time":1'), 'pred.jsonl:3: field debug_data[1]: mixes'],
    [
      'a pair beside "time"',
      frame('"time":1,"relevance_score":[0.1,0.9]'),
      'pred.jsonl:3: field debug_data[1].relevance_score: expected a number',
    ],
    [
      'a score that is text',
      frame('"time":1,"relevance_score":"high"'),
      'pred.jsonl:3: field debug_data[1].relevance_score: expected a probability',
    ],
    ['a list of predictions', `[${good}]`, 'received array of 1; write one object a line: {question_id'],
    ['a list', '[1]', 'pred.jsonl:1: Invalid input: expected object, received array'],
    ['bytes that are no text', new Uint8Array([0x7b, 0xff, 0xfe]), 'pred.jsonl:1: is not valid UTF-8 text'],
  ])('says where it is: %s', async (_name, content, message) => {
    const fault = await predictionFault(content);
    expect(fault).toContain(message);
    expect(fault).not.toMatch(/[\r\n]/);
  });

  test('is told apart from one that is not there, or is a folder', async () => {
    await expect(collect(readPredictions('/nowhere.jsonl', { frames: true }))).rejects.toThrow(
      'no such file',
    );
    await expect(collect(readPredictions('/', { frames: true }))).rejects.toThrow('is a folder');
  });

  test('keeps the line separators of Unicode within a text', async () => {
    using files = temporaryFiles();
    const content = 'one\u2028two';
    const turn = `{"time":0,"content":"${content}","role":"assistant"}`;
    const path = files.write('pred.jsonl', `\ufeff{"question_id":1,"model_response_list":[${turn}]}\r\n`);
    const [prediction] = await collect(readPredictions(path, { frames: true }));
    expect(prediction).toMatchObject({ questionId: 1, turns: [{ content }] });
  });
});

const item = (id: string, time: string) =>
  `{"question_id":"${id}","conversation":[{"content":"q"}],\n"answer":[{"content":"x",\n"time":${time}}]}`;

async function annotationFault(content: string): Promise<string> {
  using files = temporaryFiles();
  const path = files.write('gold.json', content);
  const fault: unknown = await readQaAnnotations(path, 'strict').catch((thrown: unknown) => thrown);
  return fault instanceof Error ? fault.message.replace(path, 'gold.json') : 'no fault';
}

describe('an annotation file with a fault', () => {
  test.each([
    [
      'a span of three',
      `[\n${item('a', '[0,1]')},\n${item('b', '[0,1,2]')}]`,
      'gold.json:7: field [1].answer[0].time:',
    ],
    ['a span of text', `[${item('a', '["0",1]')}]`, 'gold.json:3: field [0].answer[0].time'],
    [
      'an id twice',
      `[${item('a', '[0,1]')},\n\n${item('a', '[0,1]')}]`,
      'gold.json:5: field question_id: a is annotated twice, first on line 1',
    ],
    [
      'no question',
      '[{"question_id":"a","conversation":[],"answer":[]}]',
      'gold.json:1: field [0].conversation: expected at least the question',
    ],
    ['JSON cut off', `[\n${item('a', '[0,1]')},`, 'gold.json:4: the JSON ends too early'],
    ['a stray word', `[\n${item('a', '[0,1]')},\n oops]`, 'gold.json:5: is not JSON: unexpected "oops]"'],
    ['nothing in it', ' \n', 'gold.json:1: holds no annotations'],
    ['very deep nesting', '['.repeat(200_000), 'gold.json:1:'],
  ])('says where it is: %s', async (_name, content, message) => {
    const fault = await annotationFault(content);
    expect(fault).toContain(message);
    expect(fault).not.toMatch(/[\r\n]/);
  });

  test('may hold one object a line instead of a list', async () => {
    using files = temporaryFiles();
    const lines = [item('a', '[0,1]'), item('b', '[5,2]')].map((text) => text.replaceAll('\n', ''));
    const gold = await readQaAnnotations(files.write('gold.jsonl', lines.join('\n')), 'strict');
    expect([...gold.keys()]).toEqual(['a', 'b']);
  });
});

describe('a recorded judge', () => {
  const call = (reply: string) => `{"question":"q","gold":"g","pred":"p","reply":${reply}}`;

  test('replays the reply to a case and names a case it does not know', async () => {
    using files = temporaryFiles();
    const judge = await readRecordedJudge(files.write('calls.json', `[${call('"Score: 4"')}]`));
    const known = { question: 'q', gold: 'g', prediction: 'p' };
    await expect(judge.rate(known, 'agreement')).resolves.toBe('Score: 4');
    const unknown = judge.rate({ ...known, prediction: 'two\nlines' }, 'agreement');
    await expect(unknown).rejects.toThrow('no recorded reply for question "q", gold "g", pred "two\\nlines"');
  });

  test('refuses two different replies to one case, and a reply that is neither text nor number', async () => {
    using files = temporaryFiles();
    const twice = files.write('twice.json', `[${call('"4"')},\n${call('"5"')}]`);
    await expect(readRecordedJudge(twice)).rejects.toThrow(
      ':2: field [1].reply: the same case was recorded before',
    );
    const odd = files.write('odd.json', `[${call('null')}]`);
    await expect(readRecordedJudge(odd)).rejects.toThrow(
      ':1: field [0].reply: expected the reply of the judge',
    );
  });
});
