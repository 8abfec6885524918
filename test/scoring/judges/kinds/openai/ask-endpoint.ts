import type { JudgeSettings } from '../../../../../server/scoring/judges/asking/judge-settings.js';
import { openJudge } from '../../../../../server/scoring/judges/kinds/open-judge.js';
import { fakeJudgeEndpoint, type Answer, type Behaviour } from '../../../../support/fake-judge-endpoint.js';
import { caseOf, settingsFor } from '../../judge-setup.js';

/** An answer in JSON, which a client may repeat at once. */
export const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Answer => ({
  ...{ type: 'raw', body: JSON.stringify(body), contentType: 'application/json', status },
  headers: { 'retry-after-ms': '1', ...headers },
});
/** A good answer. */
export const four: Answer = { type: 'reply', text: '4' };

/**
 * What comes of one case, asked of an endpoint that behaves so; the message of what is thrown in place of a
 * reply.
 */
export async function ask(behaviour: Behaviour, others: Partial<JudgeSettings> = {}, model = 'm') {
  await using endpoint = await fakeJudgeEndpoint(behaviour);
  const settings = settingsFor(endpoint.url, { attempts: 1, ...others });
  const judge = await openJudge(`openai:${model}`, settings);
  const reply = await judge
    .rate(caseOf('a cat'), 'agreement')
    .catch((thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown)));
  return { reply, heard: endpoint.heard, tally: settings.tally, askedAs: judge.askedAs?.() ?? [] };
}
