import { describe, expect, test } from 'vitest';
import { beginsWithRating, statedRating } from '../../../../server/scoring/judges/rating/stated-rating.js';

/** Replies that state a 4 of 5, by what makes them hard to read. */
const fours: Readonly<Record<string, readonly string[]>> = {
  'the number alone': [
    '4',
    ' 4\n',
    '4.',
    '4!',
    '４',
    '4\u200b',
    '4\ufe0f\u20e3',
    'four',
    'Four.',
    '"4"',
    "'4'",
    '4 ',
  ],
  'mark-up': [
    '**4**',
    '__4__',
    '`4`',
    '# 4',
    '> 4',
    '- 4',
    '[[4]]',
    '[4]',
    '\\boxed{4}',
    '$\\boxed{4}$',
    '(4)',
  ],
  'a decimal of a whole number': ['4.0', '4,0', '4.00', 'Score: 4.0', 'Score: 4.0/5'],
  'the scale': [
    '4/5',
    '4 / 5',
    '4 out of 5',
    '4 of 5',
    '4 von 5',
    '4 sur 5',
    '4 (out of 5)',
    '4 (on a scale of 1 to 5)',
    '4 on a scale of 1-5',
    'Score: 4 (on a scale of 1 to 5)',
    'On a scale of 1 to 5, I would rate it 4.',
    'On a scale from 1 to 5: 4',
    '1-5: 4',
    'Rating (1-5): 4',
    'Score from 1 to 5: 4',
    '4.0 out of 5',
    '4/5 stars',
    'Score: 4 (maximum 5)',
    '评分：4分（满分5分）',
  ],
  'a scale said in another way': [
    'rating: 4 on a 1-5 scale',
    'a 4 on a 5-point scale',
    '5-point scale: 4',
    '4/5 - 2 details missing',
    '4.0/5.0',
    '4 out of a possible 5',
    '(4/5)',
    'Rating: 4 (scale 1–5)',
    'Score: **4**/5',
    '\\boxed{4}/5',
  ],
  'a unit': [
    '4分',
    '4 分',
    '4点',
    '4 stars',
    '4 points',
    '4 Punkte',
    '4 балла',
    '★★★★',
    '★★★★☆',
    '⭐⭐⭐⭐',
    '4 ⭐',
  ],
  'a label': [
    'Score: 4',
    'Score: 4 ✅',
    'Score is: 4',
    'The score should be 4.',
    'The correct rating is 4.',
    'Feedback: names 2 of 3. [RESULT] 4',
    'Overall: 4',
    'Therefore: 4',
    'Final Answer: 4',
    'score: 4, confidence: 0.9',
    'score 4',
    'Rating = 4',
    'Rating: [[4]]',
    '**Score:** 4',
    '**Rating**: **4**',
    'Final rating: 4.',
    'Score - 4',
    'Score → 4',
    'Answer: 4',
    'Output: 4',
    'Score for the prediction: 4',
    'final_score: 4',
    'Bewertung: 4',
    'Оценка: 4',
    'Puntuación: 4',
    '得分: 4',
    '最终评分：4',
    '<score>4</score>',
    '<score>4</score>\n<reason>2 of 3</reason>',
    '### Rating\n4',
    '| Score | 4 |',
    'Accuracy score: 3\nCompleteness score: 5\nOverall score: 4',
  ],
  'an explanation with digits': [
    '4\n\nExplanation: the prediction agrees with the ground truth but for 1 small slip.',
    '4 - a small omission, 1 of 3 things',
    '4: correct in the main, 1 slip',
    '4, because 3 of the 5 people are named',
    '4 because it misses 1 detail',
    'Score: 4\nReason: 2 of the 3 people are named.',
    'Score: 4 Explanation: it names 2 people.',
    'The score is 4 because 3 of the 5 things were said.',
    'It names 2 of the 3 people.\n\n4',
    'The truth has 3 dogs, the prediction 2.\nRating: 4',
    'Reasoning: 1 slip in 5 facts.\nScore: 4\nConfidence: 5',
  ],
  'a sentence': [
    'I would rate it 4',
    "I'd give it a 4.",
    'I rate this prediction a 4 out of 5.',
    'It is a 4.',
    'The prediction deserves a 4.',
    'The prediction deserves a score of 4 out of 5.',
    'It misses 1 of 3 facts. Therefore, the score is 4.',
    'My rating is four.',
    'Rated 4/5',
    '我给这个回答打4分',
    'The rating is four.',
  ],
  JSON: [
    '{"score": 4, "reason": "names 2 of the 3 people"}',
    '```json\n{"rating": "4"}\n```',
    'Here is my evaluation:\n{"reason": "1 slip", "score": 4.0}',
    '{"score": "4/5", "max_score": 5}',
    '{"evaluation": {"score": 4, "n_facts": 3}}',
    '{"accuracy": 2, "score": 3, "final_score": 4}',
    "{'score': 4, 'reason': '2 of 3'}",
    '{"score": 4, "reason": "names 2 of',
  ],
  thoughts: [
    '<think>\nMaybe 2.\n</think>\n\n4',
    'Maybe 2, or 3.\n</think>\n4',
    '<thinking>5?</thinking>4',
    '<think>a <think> 2 </think> hm 3 </think> 4',
    '[THINK]It is a 2.[/THINK]4',
    '◁think▷Score: 2◁/think▷4',
    '<|START_THINKING|>Score: 3<|END_THINKING|><|START_RESPONSE|>4<|END_RESPONSE|>',
    '<|channel|>analysis<|message|>Score: 2<|end|><|start|>assistant<|channel|>final<|message|>4<|return|>',
    '<seed:think>2</seed:think>4',
    '<unused94>thought\nScore: 1<unused95>4',
    'Here is my thought process: 2 slips.\nHere is my response: 4',
    '<reasoning effort="low">Score: 1</reasoning>\nScore: 4',
  ],
};

/** Replies of which no rating can be told. */
const nothing: Readonly<Record<string, readonly string[]>> = {
  'no whole number': ['4.5', '4,5', 'Score: 4.5', '4½', '4.5/5', '3.999', '{"score": 4.5}'],
  'a number beyond the scale': [
    '7',
    '0',
    '-4',
    '−4',
    '10',
    '45',
    'Score: 0',
    'Score: -4',
    '{"score": 7}',
    '100%',
    '4%',
  ],
  'another scale': ['4/10', '8/10', '4 out of 10', '4 on a scale of 1 to 10', 'Score: 4 (max 10)', '★★★☆☆☆☆'],
  'two ratings': [
    'Between 3 and 4',
    '3-4',
    '3 or 4',
    '3 to 4',
    '4, maybe 5',
    '4, 5',
    'first 2, then 4',
    'Score: 3 or 4',
    'Score: 3, or 4 if lenient',
    'I am torn between a 3 and a 4',
    '{"score": "4 or 5"}',
    '4\n2',
    'Score: 3\nScore: 4',
    '4\n\nScore: 3',
    '{"score": 3, "rating": 4}',
    '5: fully correct\n4: correct in the main\n3: partly correct',
    'A score of 3 or a score of 4.',
  ],
  'a digit that is merely mentioned': [
    'names 2 of the 3 people',
    '2 people open the door',
    '3 of 5 people are named',
    'The prediction says the score is 3 and the truth says so too.',
    'The prediction says it is 4.',
    'There are 4 dogs',
    'The dog has 4 legs.',
    'The prediction mentions 2 dogs; the truth 3.',
    'step 1: compare. step 2: decide',
    '5/5 people agree it is 3',
    'A: 4 B: 3',
    '4?',
    'No rating. 3 errors',
    'Okay, the user wants me to grade from 1 to 5',
    'I have to rate it from 1 to 5.',
    '1. The prediction names the man.\n2. It misses the door.',
    'The team gets 3.',
    'score5',
    '4th',
    '4-year-old',
    '15 people, 2020',
  ],
  'a rating that is denied or depends': [
    'I would not give it a 5.',
    'I would rate it 5 if it named the door.',
    'It is not a 4.',
    'I cannot give it a 4',
  ],
  'no rating at all': ['', ' ', 'no idea', 'I cannot say', '{}', '{"people": 4}', '[]', '★☆?', 'n/a', '...'],
  'thoughts that never came to an answer': [
    '<think>\nOkay, the user wants me to grade from 1 to 5',
    '<think>4',
    '<think>4</think>',
    '[THINK]Score: 4',
    '<|channel|>analysis<|message|>Score: 4',
    'Here is my thought process: Score: 4',
  ],
};

describe('the rating a reply states', () => {
  for (const [kind, replies] of Object.entries(fours)) {
    test.each(replies)(`is 4 with ${kind}: %j`, (reply) => {
      expect(statedRating(reply, 5)).toBe(4);
    });
  }

  for (const [kind, replies] of Object.entries(nothing)) {
    test.each(replies)(`is none with ${kind}: %j`, (reply) => {
      expect(statedRating(reply, 5)).toBeNull();
    });
  }

  test.each([
    ['2/3', 2],
    ['3 out of 3', 3],
    ['Coverage: 2', 2],
    ['not a sentence of this world; rating: 1', 1],
    ['2 on a scale of 1 to 3', 2],
    ['4', null],
    ['2/5', null],
    ['2 on a scale of 1 to 5', null],
  ])('goes by the scale of its rubric: %j of three', (reply, rating) => {
    expect(statedRating(reply, 3)).toBe(rating);
  });

  test.each([1, 2, 3, 4, 5])('is %d where it says so', (rating) => {
    for (const reply of [`${rating}`, `Score: ${rating}/5`, `{"score": ${rating}}`, '★'.repeat(rating)]) {
      expect(statedRating(reply, 5), reply).toBe(rating);
    }
  });

  test.each([
    ['4', true],
    ['4\n\nThe prediction mentions', true],
    ['Score: 4, because the', true],
    ['{"score": 4, "reason": "names 2', true],
    ['1. The prediction mentions', false],
    ['4. The prediction', false],
    ['I would compare: the score is 4 if', false],
    ['The prediction names 2 of the 3 people. I would rate it 4', false],
    ['<think>4', false],
  ])('needs no end where it comes first: %j', (reply, begins) => {
    expect(beginsWithRating(reply, 5)).toBe(begins);
  });

  test.each([
    '<think>',
    '(',
    '4 of ',
    'score ',
    '"',
    '\n',
    ' ',
    '{',
    '1-',
    'the ',
    '★',
    '<|channel|>final',
    '[',
    '<a ',
  ])('is looked for in bounded time, however often a reply repeats %j', (piece) => {
    const before = performance.now();
    expect(statedRating(piece.repeat(400_000), 5)).toBeNull();
    expect(performance.now() - before).toBeLessThan(4000);
  });
});
