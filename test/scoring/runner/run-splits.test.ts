import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ExampleRatings } from '../../../server/scoring/benchmark.js';
import type { QuestionOutcome } from '../../../server/scoring/data/played.js';
import {
  runSplits,
  type SplitsPlan,
  type ScoredSplit,
} from '../../../server/scoring/runner/runs/run-splits.js';
import { countRun } from '../../../server/scoring/runner/runs/run.js';
import type { PredictionSource } from '../../../server/scoring/data/match-predictions.js';
import type { TaskReport } from '../../../server/scoring/report/report.js';
import { freshFolder, playSettings, questions, randomPlayer } from './recorded-run.js';

const never = new AbortController().signal;

/** Counts replies: the figure of a run is how far their number is from `wanted`, negated. */
async function countReplies(source: PredictionSource, wanted: number): Promise<TaskReport> {
  let turns = 0;
  for await (const prediction of source.predictions) {
    if (prediction.type === 'online')
      turns += prediction.turns.filter((turn) => turn.role === 'assistant').length;
  }
  return {
    ...{ task: 'test', mode: 'strict', options: {}, versions: {}, judge: null, notes: [], counts: { turns } },
    headline: [{ name: 'closeness', value: -Math.abs(turns - wanted), digits: 0 }],
    ...{ values: {}, exampleMetric: 'none', examples: [] },
  };
}

function split(heard: string[], wanted = 0): ScoredSplit {
  return {
    questions: questions(4),
    playerOf: (settings) => randomPlayer(settings, heard),
    identityOf: (settings) => ({ ...settings.session }),
    score: async (predictions) => ({
      report: await countReplies(predictions(), wanted),
      ratings: new Map<string, ExampleRatings>(),
    }),
  };
}

function planOf(heard: string[], change: Partial<SplitsPlan> = {}): SplitsPlan {
  return {
    ...{ folder: freshFolder(), settings: playSettings(), split: split(heard), thresholds: null },
    ...{ development: null, failFast: false, onProgress: () => undefined },
    ...change,
  };
}

async function predictionsOf(plan: SplitsPlan): Promise<string> {
  await using result = await runSplits(plan, never);
  return readFileSync(result.predictionsFile, 'utf8');
}

test('predictions are in the order of the annotations, in the format of the published scripts', async () => {
  const lines = (await predictionsOf(planOf([]))).trimEnd().split('\n');
  const ids = lines.map((line) => (JSON.parse(line) as { question_id: unknown }).question_id);
  expect(ids).toEqual(['q0.mp4', 'q1.mp4', 'q2.mp4', 'q3.mp4']);
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    question_id: 'q0.mp4',
    video_duration: 20,
    model_response_list: expect.arrayContaining([
      { time: 0, content: 'What happens?', role: 'user' },
    ]) as unknown,
    debug_data: expect.arrayContaining([
      {
        time: 0.5,
        informative_score: expect.any(Number) as number,
        relevance_score: expect.any(Number) as number,
      },
    ]) as unknown,
  });
});

test('a run that was finished is not played again', async () => {
  const heard: string[] = [];
  const plan = planOf(heard);
  const before = await predictionsOf(plan);
  expect(await predictionsOf(plan)).toBe(before);
  expect(heard).toHaveLength(4);
});

test('a run that broke goes on with what is missing, and ends with the same predictions', async () => {
  const heard: string[] = [];
  const whole = await predictionsOf(planOf([]));
  const plan = planOf(heard);
  const breaking: ScoredSplit = {
    ...plan.split,
    playerOf: (settings) =>
      async function* (asked, signal): AsyncGenerator<QuestionOutcome> {
        yield* randomPlayer(settings, heard)(asked.slice(1, 3), signal);
        throw new Error('the lights went out');
      },
  };
  await expect(runSplits({ ...plan, split: breaking }, never)).rejects.toThrow('the lights went out');
  expect(await predictionsOf(plan)).toBe(whole);
  expect(heard).toEqual(['q1.mp4', 'q2.mp4', 'q0.mp4', 'q3.mp4']);
});

test('a sweep plays once where that is exact, and gives what separate runs give', async () => {
  const heard: string[] = [];
  await using swept = await runSplits(planOf(heard, { thresholds: [0.8, 1.5, 0.2] }), never);
  expect(heard).toHaveLength(4);
  expect(swept.sweep?.separateBecause).toBeNull();
  expect(swept.sweep?.points.map(({ threshold }) => threshold)).toEqual([0.2, 0.5, 0.8, 1.5]);
  for (const { threshold, report } of swept.sweep?.points ?? []) {
    const settings = playSettings({ policy: { type: 'threshold', threshold } });
    await using alone = await runSplits(planOf([], { settings }), never);
    expect(report).toEqual(alone.report);
  }
});

test('a sweep that is not exact on one run plays each threshold, and says why', async () => {
  const heard: string[] = [];
  const settings = playSettings({ policy: { type: 'sum', threshold: 2 } });
  const plan = planOf(heard, { settings, thresholds: [1, 3] });
  await using result = await runSplits(plan, never);
  expect(heard).toHaveLength(12);
  expect(result.sweep?.separateBecause).toMatch(/sum restarts/);
  expect(existsSync(join(plan.folder, 'threshold-3', 'journal.jsonl'))).toBe(true);
});

test('the threshold chosen on a development split is reported, best on the test split or not', async () => {
  const development = split([], 40);
  await using result = await runSplits(planOf([], { thresholds: [0.2, 1.2, 1.9], development }), never);
  const best = result.sweep?.points.find(({ threshold }) => threshold === 1.9);
  expect(result.sweep).toMatchObject({ chosen: 1.2, chosenOn: 'development split' });
  const chosen = result.sweep?.points.find(({ threshold }) => threshold === 1.2);
  expect([result.report, result.ratings]).toEqual([chosen?.report, chosen?.ratings]);
  expect(result.ratings).toBe(chosen?.ratings);
  expect(result.report.headline[0]?.value).toBeLessThan(best?.report.headline[0]?.value ?? -Infinity);
});

test('a sweep without a threshold to sweep is refused before anything is played', async () => {
  const heard: string[] = [];
  const plan = planOf(heard, { settings: playSettings({ policy: { type: 'never' } }), thresholds: [1] });
  await expect(runSplits(plan, never)).rejects.toThrow(/no threshold to sweep/);
  expect(heard).toEqual([]);
});

function unplayable(plan: SplitsPlan): ScoredSplit {
  return {
    ...plan.split,
    playerOf: (settings) =>
      async function* (asked, signal): AsyncGenerator<QuestionOutcome> {
        yield { type: 'unplayable', questionId: 'q0.mp4', reason: '0.mp4: no such file' };
        yield* randomPlayer(settings, [])(asked.slice(1), signal);
      },
  };
}

test('a video that is missing is counted and listed, and tried again by the next run', async () => {
  const plan = planOf([]);
  {
    await using result = await runSplits({ ...plan, split: unplayable(plan) }, never);
    expect(result.run.unplayable).toMatchObject([{ questionId: 'q0.mp4', reason: '0.mp4: no such file' }]);
    expect(await countRun(result.run)).toMatchObject({ nQuestions: 4, nPlayed: 3, nUnplayable: 1 });
  }
  await using again = await runSplits(plan, never);
  expect(await countRun(again.run)).toMatchObject({ nPlayed: 4, nUnplayable: 0, nFrames: 160 });
});

test('a video that is missing ends the run where that was asked for', async () => {
  const plan = planOf([], { failFast: true });
  await expect(runSplits({ ...plan, split: unplayable(plan) }, never)).rejects.toThrow(
    'q0.mp4: 0.mp4: no such file',
  );
});

test('replies that were suppressed are scored too, beside those that were told', async () => {
  const plan = planOf([]);
  const suppressing: SplitsPlan = {
    ...plan,
    split: {
      ...plan.split,
      playerOf: (settings) =>
        async function* (asked): AsyncGenerator<QuestionOutcome> {
          for await (const outcome of randomPlayer(settings, [])(asked, never)) {
            if (outcome.type !== 'played') throw new Error('every question is played');
            const [first, ...rest] = outcome.played.replies;
            if (first === undefined) throw new Error('the model speaks');
            yield { type: 'played', played: { ...outcome.played, replies: rest, suppressed: [first] } };
          }
        },
    },
  };
  await using result = await runSplits(suppressing, never);
  expect(result.raw?.nSuppressed).toBe(4);
  const turnsIn = (report?: TaskReport): number => report?.counts['turns'] ?? 0;
  expect(turnsIn(result.raw?.report)).toBe(turnsIn(result.report) + 4);
  await using plain = await runSplits(planOf([]), never);
  expect(turnsIn(result.raw?.report)).toBe(turnsIn(plain.report));
  expect(plain.raw).toBeNull();
});
