import { expect, test } from 'vitest';
import { ratingsOfExample } from '../../../../server/scoring/benchmarks/magqa/example-ratings.js';
import { judgeExample } from '../../../../server/scoring/benchmarks/magqa/judge-example.js';
import { defaultMagqaOptions } from '../../../../server/scoring/benchmarks/magqa/rules.js';
import { lexicalJudge } from '../../../../server/scoring/judges/kinds/lexical.js';
import { createRater } from '../../../../server/scoring/judges/rating/rater.js';

const annotation = {
  ...{ questionId: 'a', question: 'q', questionTime: 10, tags: {} },
  answer: [{ content: 'a red cat', span: [10, 20] as const }],
};

test('ratings stand beside their replies, though those before the question have none', async () => {
  const turns = [5, 12, 30].map((time) => {
    return { role: 'assistant', time, content: 'a red cat', deliveryTime: null } as const;
  });
  const prediction = {
    type: 'online',
    questionId: 'a',
    line: 1,
    turns,
    videoDuration: 60,
    frames: [],
  } as const;
  const rater = createRater(lexicalJudge, 'strict', 'agreement');
  const ratings = ratingsOfExample(
    await judgeExample('predictions.jsonl', { key: 'a', annotation, prediction }, rater, defaultMagqaOptions),
  );
  expect(ratings.replies).toEqual([null, 5, null]);
  expect(ratings.gold).toEqual([5]);
});
