import { describe, expect, test } from 'vitest';
import { openJudge } from '../../../../../server/scoring/judges/kinds/open-judge.js';
import { fakeJudgeEndpoint, type Answer } from '../../../../support/fake-judge-endpoint.js';
import { caseOf, settingsFor } from '../../judge-setup.js';
import { ask, four, json } from './ask-endpoint.js';

describe('a refusal', () => {
  const refused = (message: string, more: object = {}) => json({ error: { message, ...more } }, 400);
  const azure =
    "Unsupported parameter: 'max_tokens' is not supported with this model. " +
    "Use 'max_completion_tokens' instead.";

  test('of limit name, temperature and system role is answered in another form, once for all', async () => {
    await using endpoint = await fakeJudgeEndpoint(({ max_tokens, temperature, messages }) => {
      if (max_tokens !== undefined) return refused(azure);
      if (temperature !== undefined) return refused("Unsupported value: 'temperature' does not support 0.");
      if (messages.some(({ role }) => role === 'system')) return refused('System role not supported');
      return four;
    });
    const judge = await openJudge('openai:openai/gpt-5-mini', settingsFor(endpoint.url, { concurrency: 4 }));
    const cases = Array.from({ length: 12 }, (_, index) => caseOf(String(index)));
    const replies = await Promise.all(cases.map((each) => judge.rate(each, 'agreement')));
    expect(replies).toEqual(Array<string>(12).fill('4'));
    // At most the four that were under way learned each of the three.
    expect(endpoint.heard.length).toBeLessThanOrEqual(12 + 3 * 4);
    const last = endpoint.heard.at(-1);
    expect(last?.messages[0]).toMatchObject({ role: 'user' });
    expect(last?.messages[0]?.content).toContain('1, 2, 3, 4 or 5');
    expect(judge.askedAs?.().join()).toContain('without a temperature');
  });

  test.each([
    ['Conversation roles must alternate user/assistant/user/assistant/...', 'system'],
    ['Developer instruction is not enabled for models/gemma-3-27b-it', 'system'],
    ["Unsupported value: 'messages[0].role' does not support 'system' with this model.", 'system'],
    ['Only user, assistant and tool roles are supported, but got system.', 'system'],
    ['`temperature` is deprecated for this model.', 'temperature'],
    ['temperature must be strictly positive', 'temperature'],
    ['Unrecognized request argument supplied: max_tokens', 'max_tokens'],
  ])('is understood: %s', async (message, what) => {
    const { reply } = await ask((request) => {
      const has =
        what === 'system'
          ? request.messages.some(({ role }) => role === 'system')
          : request[what] !== undefined;
      return has ? refused(message) : four;
    });
    expect(reply).toBe('4');
  });

  test('in the form of a validating server names the field in its place', async () => {
    const detail = [
      {
        type: 'extra_forbidden',
        loc: ['body', 'max_completion_tokens'],
        msg: 'Extra inputs are not permitted',
      },
    ];
    const { reply, heard } = await ask(
      ({ max_completion_tokens }) => (max_completion_tokens === undefined ? four : json({ detail }, 422)),
      {},
      'o3',
    );
    expect(reply).toBe('4');
    expect(heard.at(-1)).toMatchObject({ max_tokens: 4096 });
  });

  test('of a template is answered in another form even where the service calls it its failure', async () => {
    const { reply, heard } = await ask(({ messages }) =>
      messages[0]?.role === 'system'
        ? json({ error: { code: 500, message: 'System role not supported' } }, 500)
        : four,
    );
    expect(reply).toBe('4');
    expect(heard).toHaveLength(2);
  });

  test.each<[string, number, unknown]>([
    [
      'its length',
      400,
      {
        error: {
          message:
            "This model's maximum context length is 2048 tokens. " +
            'However, your request has 2300 input tokens.',
        },
      },
    ],
    [
      'its length, by a flat error',
      400,
      { object: 'error', message: 'The prompt is too long: 9000, model maximum context length: 4095' },
    ],
    [
      'its length, by a limit a minute',
      429,
      {
        error: {
          message: 'Request too large for gpt-4o: Limit 30000, Requested 40000',
          code: 'rate_limit_exceeded',
        },
      },
    ],
    ['its size', 413, { error: { message: 'Payload Too Large' } }],
    ['what it says', 400, { error: { message: 'The response was filtered', code: 'content_filter' } }],
    ['what it says, by a moderator', 403, { error: { message: 'Your input was flagged', code: 403 } }],
    ['reasons of its own', 422, { detail: 'cannot process this text' }],
    ['no known reason', 400, { error: { message: 'Bad Request' } }],
  ])('of one case for %s costs that case', async (_, status, body) => {
    const { reply } = await ask(() => json(body, status));
    expect(reply).toMatchObject({ type: 'not_judged' });
  });

  test('of a reply that is too long for a short context is answered with less room', async () => {
    const thought: Answer = { type: 'reply', text: '<think>', finish: 'length' };
    const { reply, heard } = await ask(({ max_tokens }) => {
      if (max_tokens === 16) return thought;
      return max_tokens === 4096
        ? refused("'max_tokens' is too large: 4096. This model's maximum context length is 4096.")
        : four;
    });
    expect(reply).toBe('4');
    expect(heard.map(({ max_tokens }) => max_tokens)).toEqual([16, 4096, 1024]);
  });

  test.each<[string, Answer, RegExp]>([
    [
      'a redirection',
      json({}, 308, { location: 'https://elsewhere.test/v1/chat/completions?token=hidden' }),
      /answered 308: it leads to https:\/\/elsewhere\.test\/v1\/chat\/completions;.*--judge-url/,
    ],
    [
      'a missing page',
      {
        type: 'raw',
        status: 404,
        contentType: 'text/html',
        body: '<html><style>b{}</style><h1>Not Found</h1>',
      },
      /answered 404 Not Found; check the model/,
    ],
    [
      'a quota that is used up',
      json({ error: { message: 'You exceeded your current quota', code: 'insufficient_quota' } }, 429),
      /check the account/,
    ],
    [
      'a wait of a day',
      json({ error: { message: 'daily limit' } }, 429, { 'retry-after': '86400', 'retry-after-ms': '' }),
      /it asks for 86400 s/,
    ],
    [
      'a key',
      json({ error: { message: 'Incorrect API key provided: my-own-key. Bearer abcdefgh' } }, 401),
      /provided: \[key\]\. Bearer \[key\]; set OPENAI_API_KEY/,
    ],
  ])('that concerns every case ends the run in one line: %s', async (_, answer, line) => {
    const { reply, heard } = await ask(() => answer, { apiKey: 'my-own-key' });
    expect(reply).toMatch(line);
    expect(reply).not.toMatch(/hidden|my-own-key|\n/);
    expect(heard).toHaveLength(1);
  });

  test('of one case after the other from the first on ends the run early', async () => {
    await using endpoint = await fakeJudgeEndpoint(() => refused('Bad Request'));
    const judge = await openJudge('openai:m', settingsFor(endpoint.url, { concurrency: 2 }));
    const cases = Array.from({ length: 50 }, (_, index) => caseOf(String(index)));
    const outcomes = await Promise.allSettled(cases.map((each) => judge.rate(each, 'agreement')));
    expect(outcomes.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(30);
    expect(endpoint.heard.length).toBeLessThan(20);
  });
});

describe('an address with a version', () => {
  test('keeps it behind the path, and sends the key as Azure wants it', async () => {
    await using endpoint = await fakeJudgeEndpoint(() => four);
    const url = endpoint.url.replace('/v1', '/openai/deployments/judge?api-version=2024-10-21');
    const judge = await openJudge('openai:judge', settingsFor(url, { apiKey: 'azure-key' }));
    expect(await judge.rate(caseOf('a'), 'agreement')).toBe('4');
    const path = '/openai/deployments/judge/chat/completions?api-version=2024-10-21';
    expect(endpoint.addressed).toEqual([{ url: path, apiKey: 'azure-key' }]);
    expect(judge.endpoint).toBe(url);
  });
});
