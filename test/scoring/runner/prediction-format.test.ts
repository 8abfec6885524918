import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Played } from '../../../server/scoring/data/played.js';
import { predictionFormats, predictionLine } from '../../../server/scoring/runner/runs/predictions.js';
import { parsePrediction } from '../../../server/scoring/data/read-predictions.js';
import { questions } from './recorded-run.js';

const played: Played = {
  ...{ question_id: 'q0.mp4', video_duration: 2.5, replies: [], suppressed: [] },
  ...{ unasked: 0, renewals: 0, warnings: [] },
  frames: [
    [0, 0.12345, 0.9],
    [0.5, 1, 0],
    [1.0333333, 0.3336, 0.6664],
  ],
};

function lineOf(format: (typeof predictionFormats)[number]): string {
  const [question] = questions(1);
  if (question === undefined) throw new Error('no question');
  return predictionLine(question, played, { delivery: false, format });
}

/**
 * What the published scorers of grounding and highlights read: each record's `video_time` and element 1 of
 * its scores.
 */
const readByScorers = z.object({
  question_id: z.union([z.string(), z.number()]),
  video_duration: z.number(),
  model_response_list: z.array(z.object({ time: z.number(), content: z.string(), role: z.string() })),
  debug_data: z.array(
    z.strictObject({
      video_time: z.number(),
      informative_score: z.tuple([z.number(), z.number()]),
      relevance_score: z.tuple([z.number(), z.number()]),
    }),
  ),
});

test.each(['grounding', 'highlight'])(
  'the legacy form has the keys that the published %s scorer reads',
  (task) => {
    const golden = new URL(`../../golden/${task}/pred_legacy_head20.jsonl`, import.meta.url);
    const [first = ''] = readFileSync(golden, 'utf8').split('\n');
    readByScorers.parse(JSON.parse(first));
    const ours = readByScorers.parse(JSON.parse(lineOf('legacy')));
    expect(ours.debug_data.map((frame) => [frame.video_time, frame.relevance_score[1]])).toEqual([
      [0, 0.9],
      [0.5, 0],
      [1.033, 0.666],
    ]);
    for (const {
      informative_score: [no, yes],
    } of ours.debug_data)
      expect(no + yes).toBeCloseTo(1, 2);
  },
);

test('the current form has the keys that the published inference writes', () => {
  const { debug_data } = z
    .object({ debug_data: z.array(z.record(z.string(), z.number())) })
    .parse(JSON.parse(lineOf('current')));
  expect(debug_data[2]).toEqual({ time: 1.033, informative_score: 0.334, relevance_score: 0.666 });
});

test('both forms are read back as the same prediction', () => {
  const [one, other] = predictionFormats.map((format) =>
    parsePrediction({ file: 'p.jsonl', firstLine: 1, text: lineOf(format) }, true),
  );
  expect(one).toEqual(other);
});
