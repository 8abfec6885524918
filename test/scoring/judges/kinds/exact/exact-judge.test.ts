import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { scoreCommand } from '../../../../../server/cli/score/score-command.js';
import { packageFolder } from '../../../../../server/package-folder.js';
import {
  bundledGrammar,
  openExactJudge,
} from '../../../../../server/scoring/judges/kinds/exact/exact-judge.js';
import { readGrammar } from '../../../../../server/scoring/judges/kinds/exact/read-grammar.js';
import type { Rubric } from '../../../../../server/scoring/judges/judge.js';
import { openJudge } from '../../../../../server/scoring/judges/kinds/open-judge.js';
import { temporaryFiles } from '../../../support/temporary-files.js';

const judge = await openExactJudge(bundledGrammar, 'exact');
const rate = (gold: string, prediction: string, rubric: Rubric = 'agreement') =>
  judge.rate({ question: 'What is happening?', gold, prediction }, rubric);
const dog = 'A dog comes in from the left.';
const sign = 'A sign on the left says OPEN.';
const score = 'The scoreboard in the middle shows 3 to 1.';
const pair = 'The big cat hides behind the red dogs.';
const view = 'I see a forest with a cat on the left and a dog on the right.';

describe('the exact judge', () => {
  test.each([
    ['the same sentence', dog, dog, 5, 3],
    ['no article and no full stop', dog, 'dog comes in from left', 5, 3],
    ['other case and spaces', dog, '  A DOG   comes in\tfrom the Left!! ', 5, 3],
    ['words in front', dog, 'Now, look: a dog comes in from the left.', 5, 3],
    ['several of the thing', dog, 'Dogs come in from the left.', 5, 3],
    ['the same said twice', dog, `${dog} ${dog}`, 5, 3],
    ['another place', dog, 'A dog comes in from the right.', 4, 2],
    ['another event', dog, 'A dog appears on the left.', 3, 2],
    ['another event and place', dog, 'A dog appears on the right.', 2, 1],
    ['another thing', dog, 'A cat comes in from the left.', 1, 1],
    ['a sign instead', dog, sign, 1, 1],
    ['a wrong sentence besides', dog, `${dog} A cat appears in the middle.`, 3, 3],
    ['chatter besides', dog, `Hello there! ${dog}`, 4, 3],
    ['mere fillers besides', dog, `Okay. ${dog}`, 5, 3],
    ['a sign in small letters and quotes', sign, 'a sign on the left says "open"', 5, 3],
    ['another word', sign, 'A sign on the left says STOP.', 3, 2],
    ['a word that is none', sign, 'A sign on the left says OEPN.', 3, 2],
    ['another word in another place', sign, 'A sign on the right says STOP.', 2, 1],
    ['another number', 'A sign on the left shows 88.', 'A sign on the left shows 83.', 3, 2],
    ['a score the other way round', score, score.replace('3 to 1', '1 to 3'), 2, 1],
    ['a colour too many', dog, 'A red dog comes in from the left.', 4, 3],
    ['another colour', pair, pair.replace('red', 'blue'), 4, 3],
    ['another partner', pair, pair.replace('dogs', 'owls'), 3, 2],
    ['the two of them exchanged', pair, 'The red dogs hide behind the big cat.', 1, 1],
    ['a plural thing', 'Scissors come in from the right.', 'the scissors comes in from the right', 5, 3],
    ['another scene', 'The scene changes to a forest.', 'The scene changes to a beach.', 2, 1],
    ['a description', view, view, 5, 3],
    ['another order', view, 'I see a forest with a dog on the right, a cat on the left.', 5, 3],
    ['one thing too many', view, view.replace(' and', ', a ball in the middle and'), 4, 3],
    ['one thing missing', view, 'I see a forest with a cat on the left.', 3, 2],
    ['another scene around', view, view.replace('forest', 'beach'), 4, 2],
    ['nothing but the scene', view, 'I see a forest with nothing else.', 2, 1],
    ['two sentences for one', view, 'A cat is on the left. A dog is on the right.', 3, 2],
    ['nothing there', 'Nothing is on the left.', 'Nothing is on the left', 5, 3],
    ['something there', 'Nothing is on the left.', 'A dog is on the left.', 1, 1],
  ])('rates %s', async (_name, gold, prediction, agreement, coverage) => {
    expect(await rate(gold, prediction)).toBe(String(agreement));
    expect(await rate(gold, prediction, 'coverage')).toBe(String(coverage));
  });

  test.each([
    'A zebra comes in from the left.',
    'qwerty',
    '',
    '...',
    'A dog comes in from the left and then',
    'I see a forest with a cat on the',
    'x'.repeat(100_000),
  ])('gives no rating to what is no sentence of the world, which then counts as unparsable', async (text) => {
    expect(await rate(dog, text)).not.toMatch(/\d/);
    expect(await rate(dog, text, 'coverage')).toMatch(/^\D*1$/);
  });

  test('refuses a gold answer that is none, naming it', async () => {
    await expect(rate('Two zebras dance.', dog)).rejects.toThrow(
      'the gold answer "Two zebras dance." is not a sentence of the grammar "duet-nano"',
    );
    await expect(rate('', dog)).rejects.toThrow('is not a sentence');
  });

  test('opens by name, with the bundled grammar or another one, whose hash it carries', async () => {
    using files = temporaryFiles();
    const copy = files.write('grammar.json', `${readFileSync(bundledGrammar, 'utf8')}\n`);
    const bundled = await openJudge('exact');
    const other = await openJudge(`exact:${copy}`);
    expect(bundled).toMatchObject({ id: 'exact', comparable: false });
    expect(other.id).toBe(`exact:${copy}`);
    expect(other.promptHash).toMatch(/^[0-9a-f]{64}$/);
    expect(other.promptHash).not.toBe(bundled.promptHash);
  });
});

const annotations = z.array(
  z.looseObject({
    question_id: z.string(),
    video: z.string().optional(),
    answer: z.array(z.object({ content: z.string(), time: z.tuple([z.number(), z.number()]) })),
  }),
);

describe('the exact judge on the bundled annotations', () => {
  const samples = join(packageFolder, 'samples');
  const fileOf = (name: string) => join(samples, 'annotations', `${name}.json`);
  // What happens in the sample of photographs is said in the words of another world.
  const itemsIn = (file: string) =>
    annotations.parse(JSON.parse(readFileSync(file, 'utf8'))).filter(({ video }) => video !== 'gallery.mp4');
  const itemsOf = (name: string) => itemsIn(fileOf(name));
  const goldsOf = (items: readonly z.output<typeof annotations>[number][]) => [
    ...new Set(items.flatMap(({ answer }) => answer.map((turn) => turn.content))),
  ];
  const golds = goldsOf(['magqa', 'captions'].flatMap(itemsOf));

  test('reads every gold sentence of samples and test set, each as one fact of its own', async () => {
    const { read } = await readGrammar(bundledGrammar);
    const testSet = ['magqa', 'captions'].map((name) =>
      join(samples, 'benchmark', 'annotations', `${name}.json`),
    );
    const all = [...new Set([...golds, ...goldsOf(testSet.flatMap(itemsIn))])];
    expect(all.length).toBeGreaterThan(300);
    const readings = all.map((gold) => ({ gold, ...read(gold) }));
    for (const { gold, facts, unread } of readings) expect([facts.length, unread], gold).toEqual([1, 0]);
    const facts = readings.map((reading) => JSON.stringify(reading.facts.map((fact) => [...fact].sort())));
    expect(new Set(facts).size).toBe(all.length);
  });

  test('rates a pair of the samples 5 only where they are the same', async () => {
    for (const gold of golds) {
      for (const other of golds) {
        const rating = Number(await rate(gold, other));
        if (gold === other) expect(rating).toBe(5);
        else expect(rating, `${gold} | ${other}`).toBeLessThan(5);
      }
    }
  });

  test('scores a run: 5 for the truth, and what cannot be read is counted', async () => {
    using files = temporaryFiles();
    const run = (say: (content: string) => string) =>
      files.write(
        'pred.jsonl',
        itemsOf('magqa')
          .map(({ question_id, answer }) => {
            const turns = answer.map(({ content, time }) => ({
              role: 'assistant',
              content: say(content),
              time: time[1],
            }));
            return JSON.stringify({ question_id, model_response_list: turns, video_duration: 120 });
          })
          .join('\n'),
      );
    const gold = files.write('gold.json', JSON.stringify(itemsOf('magqa')));
    const score = async (pred: string) => {
      const printed: string[] = [];
      const flags = ['magqa', '--pred', pred, '--gold', gold, '--judge', 'exact', '--json'];
      await scoreCommand((text) => printed.push(text)).parseAsync(flags, { from: 'user' });
      return z.record(z.string(), z.unknown()).parse(JSON.parse(printed.join('')));
    };
    const truth = await score(run((content) => content));
    expect(truth).toMatchObject({ in_span: 5, n_unparsable_replies: 0, judge: { comparable: false } });
    expect(String(truth['notes'])).toContain('rendered world "duet-nano"');
    const nonsense = await score(run(() => 'A zebra dances.'));
    expect(nonsense).toMatchObject({ in_span: 1 });
    expect(nonsense['n_unparsable_replies']).toBe(nonsense['n_judge_calls']);
  });
});
