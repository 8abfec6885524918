import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { readRealClips, readRealQuestions } from '../../../models/figures/real/real-clips.js';
import { scoreClip, type ClipScore } from '../../../models/figures/real/score/score-clip.js';
import { realFigures } from '../../../models/figures/real/score/totals.js';
import { packageFolder } from '../../../server/package-folder.js';

const figure = z.number().nullable();
const chance = z.strictObject({ precision: figure, recall_one_to_one: figure });
const { runs, totals } = z
  .strictObject({
    runs: z.array(
      z.strictObject({
        id: z.string(),
        threshold: z.number(),
        replies: z.array(z.tuple([z.number(), z.string()])),
        expected: z.record(z.string(), z.number()),
      }),
    ),
    totals: z.array(
      z.looseObject({ threshold: z.number(), crowded: z.boolean(), median_delay: figure, chance }),
    ),
  })
  .parse(JSON.parse(readFileSync(join(packageFolder, 'test/golden/real-clips/runs.json'), 'utf8')));

const clips = await readRealClips();
const questions = new Map((await readRealQuestions()).map((question) => [question.id, question]));
const scores = runs.map(({ id, threshold, replies }) => {
  const question = questions.get(id);
  const clip = clips.get(question?.video ?? '');
  if (question === undefined || clip === undefined) throw new Error(`nothing is known of ${id}`);
  const timed = replies.map(([time, content]) => ({ time, content }));
  return { threshold, score: scoreClip(clip, question, timed) };
});

test('recorded runs on real clips score as with the scorer they were labelled for', () => {
  expect(runs.length).toBeGreaterThan(100);
  const found = scores.map(({ score, threshold }) => ({
    id: score.question.id,
    threshold,
    ...countsOf(score),
  }));
  const expected = runs.map(({ id, threshold, expected: counts }) => ({ id, threshold, ...counts }));
  expect(found).toEqual(expected);
});

test.each(totals)('so do their sums, and chance (threshold $threshold, crowded: $crowded)', (total) => {
  const { threshold, crowded, median_delay: delay, chance: byChance, ...shares } = total;
  const own = scores.filter(
    ({ score: { question, clip }, threshold: at }) =>
      at === threshold && question.kind === 'narrate' && clip.crowded === crowded,
  );
  const figures = realFigures(
    own.map(({ score }) => score),
    true,
  );
  for (const [name, value] of Object.entries({ ...shares, median_delay: delay })) {
    expect(figures, name).toHaveProperty(name, expect.closeTo(Number(value), 3));
  }
  expect(figures.chance?.precision).toBeCloseTo(byChance.precision ?? NaN, 3);
  expect(figures.chance?.recall_one_to_one).toBeCloseTo(byChance.recall_one_to_one ?? NaN, 3);
});

function countsOf(score: ClipScore): Record<string, number> {
  const graded = (grade: string): number => score.replies.filter((reply) => reply.grade === grade).length;
  const { numbers } = realFigures([score], false);
  return {
    events: score.wanted.length,
    said: score.wanted.filter(({ told }) => told).length,
    said_one_to_one: score.wanted.filter(({ toldOneToOne }) => toldOneToOne).length,
    ...{
      right: graded('right'),
      unsure: graded('unsure'),
      false: graded('false'),
      neutral: graded('neutral'),
    },
    repeats: score.repeats,
    counts: numbers.said,
    counts_exact: Math.round((numbers.exact ?? 0) * numbers.said),
    counts_within_one: Math.round((numbers.within_one ?? 0) * numbers.said),
    answered_right: score.answer?.right === true ? 1 : 0,
  };
}
