import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sessionEventSchema } from '../../server/protocol/session-events.js';
import { FakeEngine } from '../support/fake-engine.js';
import { selfSigned } from '../support/self-signed.js';
import { temporaryFolder } from '../transport/test-server.js';
import { runDuet, type Ended } from './duet-process.js';

const env = { OPENAI_API_KEY: 'sk-of-a-test-1234' };

test('duet watch --model remote: prints the scores of its answers and the words of its chat', async () => {
  await using engine = await FakeEngine.open({
    key: 'sk-of-a-test-1234',
    probability: (statement) => (statement.includes('shows something that is new') ? 0.35 : 0.4),
  });
  const place = `remote:openai/fake@${engine.url}`;
  const args = [
    'watch',
    'street',
    '--model',
    place,
    '--question',
    'Is a car coming?',
    '--json',
    '--max-frames',
    '6',
  ];
  const { exitCode, stdout, stderr } = await runDuet(args, env);
  expect([exitCode, stderr]).toEqual([
    0,
    `duet: openai/fake: pictures go to 127.0.0.1:${engine.port}, which decides by Decisions\n`,
  ]);
  const lines = stdout.trimEnd().split('\n');
  const events = lines.map((line) => sessionEventSchema.parse(JSON.parse(line)));
  const scored = events.flatMap((event) => (event.type === 'frame.scored' ? [event] : []));
  expect(scored[0]).toMatchObject({
    informative_score: 0.35,
    relevance_score: 0.4,
    score: 0.75,
    fired: true,
  });
  const done = events.find((event) => event.type === 'response.done');
  expect(done).toMatchObject({ status: 'completed', text: 'A car.' });
  expect(events.at(-2)).toMatchObject({
    type: 'session.spent',
    calls: engine.seen.filter(({ isProbe }) => !isProbe).length,
  });
  expect(stdout + stderr).not.toContain('sk-of-a-test');
});

test.each([
  {
    what: 'no key',
    key: '',
    url: 'https://api.openai.com/v1',
    says: /needs a key: set OPENAI_API_KEY to it/,
    exitCode: 1,
  },
  {
    what: 'a wrong URL',
    key: 'sk-1',
    url: 'http://127.0.0.1:9/v1',
    says: /cannot be reached .*; is it running\?/,
    exitCode: 1,
  },
  { what: 'no URL', key: 'sk-1', url: 'https:', says: /"https:" is not a web address/, exitCode: 2 },
])('duet watch with $what says so in one line', async ({ key, url, says, exitCode }) => {
  const args = ['watch', 'street', '--model', `remote:openai/fake@${url}`];
  const ended = await runDuet(args, { OPENAI_API_KEY: key });
  expect([ended.exitCode, ended.stdout]).toEqual([exitCode, '']);
  expect(ended.stderr).toMatch(says);
  expect(ended.stderr.trimEnd().split('\n')).toHaveLength(1);
});

test('a certificate that nobody vouches for is refused in one line, and taken with NODE_EXTRA_CA_CERTS', async () => {
  const [pair, expired] = [selfSigned(), selfSigned('210101000000Z')];
  await using engine = await FakeEngine.open({ tls: pair });
  await using late = await FakeEngine.open({ tls: expired });
  const folder = await temporaryFolder();
  const [trusted, out] = [join(folder, 'engine.pem'), join(folder, 'expired.pem')];
  await writeFile(trusted, pair.cert);
  await writeFile(out, expired.cert);
  const watch = (address: string, authority = ''): Promise<Ended> =>
    runDuet(['watch', 'street', '--max-frames', '1', '--model', `remote:vllm/fake@${address}`], {
      NODE_EXTRA_CA_CERTS: authority,
    });
  const refusals = await Promise.all([
    watch(`https://localhost:${engine.port}`),
    watch(`https://localhost:${late.port}`, out),
    watch(`https://127.0.0.1:${engine.port}`, trusted),
    watch(`http://localhost:${engine.port}`),
  ]);
  const lines = [
    /^duet: the model fake at https:\/\/localhost:\d+\/v1 cannot be reached \(self-signed certificate\); .* NODE_EXTRA_CA_CERTS\n$/,
    /^duet: the model fake at .* \(certificate has expired\); renew its certificate\n$/,
    /^duet: the model fake at .* \(.*127\.0\.0\.1 is not in the cert's list.*\); .* the host that its certificate is for\n$/,
    /^duet: .* the model fake at http:.* \(other side closed\); .* whether it begins with http:\/\/ or https:\/\/\n$/,
  ];
  for (const [index, { exitCode, stderr }] of refusals.entries()) {
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(lines[index] ?? '')]);
  }
  expect(await watch(`https://localhost:${engine.port}`, trusted)).toMatchObject({ exitCode: 0 });
});

test('duet watch with a model that takes no pictures says so in one line', async () => {
  await using engine = await FakeEngine.open({ sees: false });
  const ended = await runDuet(['watch', 'street', '--model', `remote:vllm/blind@${engine.url}`]);
  expect(ended).toMatchObject({ exitCode: 1, stdout: '' });
  expect(ended.stderr).toMatch(
    /^duet: no way to decide about pictures works .*image input is not supported.*\n$/,
  );
});
