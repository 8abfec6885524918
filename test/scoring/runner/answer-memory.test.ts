import { expect, test } from 'vitest';
import { AnswerMemory } from '../../../server/scoring/runner/runs/answer-memory.js';
import type { RunIdentity } from '../../../server/scoring/runner/runs/journal.js';
import { playRun, type FinishedRun } from '../../../server/scoring/runner/runs/run.js';
import type { Question } from '../../../server/scoring/data/question.js';
import { freshFolder, playSettings, questions, randomPlayer } from './recorded-run.js';

const never = new AbortController().signal;
const asked = questions(3);
/** The same questions under other ids, as another benchmark has them, and one that only it asks. */
const askedElsewhere: Question[] = questions(4).map((question, index) => ({
  ...question,
  questionId: `other${index}`,
}));

function playWith(
  memory: AnswerMemory,
  identity: RunIdentity,
  some: readonly Question[],
  heard: string[],
): Promise<FinishedRun> {
  const playAll = memory.around(identity, randomPlayer(playSettings(), heard));
  const plan = { folder: freshFolder(), questions: some, identity, playAll };
  return playRun({ ...plan, failFast: true, onProgress: () => undefined }, never);
}

async function afterFirstRun(second: RunIdentity): Promise<{ run: FinishedRun; heard: string[] }> {
  const memory = new AnswerMemory();
  await using first = await playWith(memory, { questions: 'a', fps: 2 }, asked, []);
  await memory.keep(first);
  const heard: string[] = [];
  return { run: await playWith(memory, second, askedElsewhere, heard), heard };
}

test('what another benchmark played under the same settings is not played again', async () => {
  const { run, heard } = await afterFirstRun({ questions: 'b', fps: 2 });
  await using played = run;
  expect(heard).toEqual(['other3']);
  expect(await played.journal.get('other1')).toMatchObject({ question_id: 'other1', video_duration: 20 });
});

test.each([{ fps: 1 }, { fps: 2, gold: 'from which a baseline plays' }])(
  'under other settings, %j, everything is played',
  async (settings) => {
    const { run, heard } = await afterFirstRun({ questions: 'b', ...settings });
    await run[Symbol.asyncDispose]();
    expect(heard).toEqual(['other0', 'other1', 'other2', 'other3']);
  },
);

test('another time of asking is another question', async () => {
  const memory = new AnswerMemory();
  await using first = await playWith(memory, { fps: 2 }, asked, []);
  await memory.keep(first);
  const later = asked.map((question) => ({
    ...question,
    conversation: [{ time: 1, content: 'What happens?' }],
  }));
  const heard: string[] = [];
  await (await playWith(memory, { fps: 2 }, later, heard))[Symbol.asyncDispose]();
  expect(heard).toHaveLength(3);
});
