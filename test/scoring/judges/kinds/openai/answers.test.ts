import { describe, expect, test } from 'vitest';
import { openJudge } from '../../../../../server/scoring/judges/kinds/open-judge.js';
import { fakeJudgeEndpoint, type Answer, type Behaviour } from '../../../../support/fake-judge-endpoint.js';
import { caseOf, settingsFor } from '../../judge-setup.js';
import { ask, four, json } from './ask-endpoint.js';

/** The given answers, then 4. */
const first =
  (...answers: readonly Answer[]): Behaviour =>
  (_, number) =>
    answers[number] ?? four;

describe('an answer whose body does not arrive', () => {
  test.each<[string, Answer]>([
    ['stalls', { type: 'unfinished', body: '{"id":"x","choices":' }],
    ['drips', { type: 'unfinished', body: '{"id":"x","choices":', dripMs: 20 }],
  ])('counts as timed out when it %s, and is asked for again', async (_, answer) => {
    const once = await ask(first(answer), { timeoutMs: 300, retries: 1 });
    expect(once.reply).toBe('4');
    const always = await ask(() => answer, { timeoutMs: 200, retries: 1 });
    expect(always.reply).toContain('did not reply within 0.2 s, 2 times');
    expect(always.heard).toHaveLength(2);
  });

  test('is given up where it is larger than any completion', async () => {
    const large: Answer = { type: 'raw', body: ' '.repeat(9 * 2 ** 20), contentType: 'application/json' };
    const { reply } = await ask(() => large, { retries: 0 });
    expect(reply).toContain('its answer is larger than 8 MiB');
  });
});

describe('a completion without a text', () => {
  const nothing: [string, unknown][] = [
    ['no choices', { id: 'x', object: 'chat.completion', choices: [] }],
    ['a content of no known kind', { choices: [{ message: { content: { score: 4 } } }] }],
  ];

  test.each(nothing)('is asked for again, and then costs its case alone, with %s', async (_, body) => {
    const { reply, heard } = await ask(() => json(body), { retries: 1 });
    expect(reply).toEqual({ type: 'not_judged', reason: '502 a completion without a text' });
    expect(heard).toHaveLength(2);
  });

  test('costs its case alone where the model refused beside it', async () => {
    const refused = json({ choices: [{ message: { content: null, refusal: 'I cannot rate 4 people.' } }] });
    const { reply, heard } = await ask(() => refused);
    expect(reply).toEqual({ type: 'not_judged', reason: 'the model refused to rate it' });
    expect(heard).toHaveLength(1);
  });

  test.each<[string, unknown]>([
    [
      'a message of another API',
      { type: 'message', role: 'assistant', content: [{ type: 'text', text: '4' }] },
    ],
    ['a response of another API', { object: 'response', status: 'completed', error: null, output: [] }],
  ])('is not %s, which is named', async (_, body) => {
    const { reply } = await ask(() => json(body), { retries: 0 });
    expect(reply).toContain('does not answer with chat completions (but with: {');
  });

  test('is not one whose content is a bare number', async () => {
    expect((await ask(() => json({ choices: [{ message: { content: 4 } }] }))).reply).toBe('4');
  });
});

test('what to do about a refused key is said in full, though the key is hidden', async () => {
  const refused = json({ error: { message: 'Incorrect API key provided: key-abcdefgh' } }, 401);
  const { reply } = await ask(() => refused);
  expect(reply).toContain('provided: [key]; set OPENAI_API_KEY or --judge-key-file');
});

describe('an error inside an answer of status 200', () => {
  const faults: [string, unknown][] = [
    ['an error object', { error: { message: 'Rate limit exceeded', code: 429 } }],
    ['an error beside no choices', { id: 'x', choices: [], error: { message: 'Provider returned error' } }],
    ['no choices', { id: 'x', object: 'chat.completion', choices: [] }],
    ['choices that are null', { id: 'x', choices: null }],
    [
      'an error in a choice',
      { choices: [{ error: { code: 502, message: 'upstream' }, message: { content: '' } }] },
    ],
    ['a bare text', { error: 'model is loading' }],
    ['a flat object', { object: 'error', message: 'overloaded', code: 50301 }],
    ['a list', { errors: [{ message: 'capacity exceeded' }] }],
    ['another vendor', { error_code: 18, error_msg: 'Open api qps request limit reached' }],
  ];

  test.each(faults)('is asked for again, as after 429, with %s', async (_, body) => {
    const { reply, heard } = await ask(first(json(body), json(body)));
    expect(reply).toBe('4');
    expect(heard).toHaveLength(3);
  });

  test('ends the run in the words of the service where it lasts', async () => {
    const { reply } = await ask(() => json({ error: { message: 'free-models-per-min', code: 429 } }));
    expect(reply).toContain('answered 429 free-models-per-min');
    expect(reply).toContain('lower --judge-concurrency');
  });

  test.each<[string, unknown, string]>([
    ['a key', { error: { message: 'Invalid API key', code: 401 } }, 'set OPENAI_API_KEY'],
    ['a model', { error: { message: 'no such model', code: 404 } }, 'check the model'],
    ['an account', { error: { message: 'Insufficient credits', code: 402 } }, 'check the account'],
  ])('is not asked for again where it is about %s', async (_, body, remedy) => {
    const { reply, heard } = await ask(() => json(body));
    expect(reply).toContain(remedy);
    expect(heard).toHaveLength(1);
  });

  test('is told apart from unrequested chunks, which are joined', async () => {
    const chunks = (...data: unknown[]): Answer => ({
      ...{ type: 'raw', contentType: 'text/event-stream' },
      body: [...data.map((one) => `data: ${JSON.stringify(one)}`), 'data: [DONE]'].join('\n\n'),
      headers: { 'retry-after-ms': '1' },
    });
    const delta = (content: string) => ({ choices: [{ delta: { content }, finish_reason: null }] });
    expect((await ask(() => chunks(delta('Score: '), delta('4')))).reply).toBe('Score: 4');
    const calm = { ...delta('4'), error: null };
    expect((await ask(() => chunks(calm))).reply).toBe('4');
    const failed = await ask(first(chunks(delta('Sc'), { error: { message: 'overloaded', code: 529 } })));
    expect(failed).toMatchObject({ reply: '4', heard: { length: 2 } });
  });
});

describe('a reply', () => {
  test.each<[string, object, string]>([
    ['in parts', { content: [{ type: 'text', text: '4' }] }, '4'],
    [
      'in several parts',
      {
        content: [
          { type: 'text', text: 'Score' },
          { type: 'text', text: ': 4' },
        ],
      },
      'Score: 4',
    ],
    [
      'with thoughts among its parts',
      {
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: '2' }] },
          { type: 'text', text: '4' },
        ],
      },
      '4',
    ],
    ['with thoughts beside it', { content: '4', reasoning_content: 'maybe 2' }, '4'],
    ['with thoughts before it', { content: '2 or 3?</think>4' }, '4'],
  ])('is read %s', async (_, message, reply) => {
    expect((await ask(() => ({ type: 'message', message }))).reply).toBe(reply);
  });

  test.each<[string, Answer]>([
    ['in an open thought', { type: 'reply', text: '<think>\nI grade from 1 to 5', finish: 'length' }],
    ['in a thought, which the service does not say', { type: 'reply', text: '<think>\nI grade from 1 to 5' }],
    [
      'while it thinks beside the reply',
      { type: 'message', message: { content: null, reasoning_content: 'from 1 to 5' }, finish: 'length' },
    ],
    ['while it thinks in secret', { type: 'message', message: { content: '' }, finish: 'length' }],
    ['before its rating', { type: 'reply', text: 'The prediction names 2 of the 3', finish: 'length' }],
  ])('that is cut off %s is asked for with more room, and so are all that follow', async (_, answer) => {
    await using endpoint = await fakeJudgeEndpoint(({ max_tokens }) => (max_tokens === 16 ? answer : four));
    const settings = settingsFor(endpoint.url, { attempts: 1 });
    const judge = await openJudge('openai:m', settings);
    expect(await judge.rate(caseOf('a'), 'agreement')).toBe('4');
    expect(await judge.rate(caseOf('b'), 'agreement')).toBe('4');
    expect(endpoint.heard.map(({ max_tokens }) => max_tokens)).toEqual([16, 4096, 4096]);
    expect(judge.askedAs?.()).toEqual(['with room for 4096 tokens, since 16 cut its replies off']);
  });

  test('that is cut off by a limit somebody named holds no rating unless it begins with it', async () => {
    const cut = (text: string) => ask(() => ({ type: 'reply', text, finish: 'length' }), { maxTokens: 16 });
    expect(await cut('It names 2 of 3. I would give a 4')).toMatchObject({ reply: '', tally: { cutOff: 1 } });
    expect(await cut('4\n\nThe prediction names 2 of')).toMatchObject({
      reply: '4\n\nThe prediction names 2 of',
    });
  });

  test('every time counts as one case that was cut off', async () => {
    const always: Answer = { type: 'reply', text: 'It names 2 of 3', finish: 'length' };
    const { tally, heard } = await ask(() => always, { maxTokens: 16, attempts: 3 });
    expect(heard).toHaveLength(3);
    expect(tally.cutOff).toBe(1);
  });

  test('that a filter kept back costs its case', async () => {
    const { reply } = await ask(() => ({ type: 'reply', text: '', finish: 'content_filter' }));
    expect(reply).toMatchObject({ type: 'not_judged' });
  });
});
