import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { seededRandom, type Random } from '../../server/scoring/statistics/random.js';
import { goldenPath } from './support/golden.js';
import { integer } from './support/random-runs.js';
import { scoreFiles } from './support/score-files.js';
import { temporaryFiles } from './support/temporary-files.js';

const oddities: readonly unknown[] = [
  null,
  true,
  '',
  'text',
  -1,
  0,
  1e300,
  -1e300,
  5e-324,
  [],
  {},
  [[]],
  [9, 1],
  [1e308, -1e308],
  '\u0000\ud800\n\u2028',
];

/** Puts something odd, or nothing at all, somewhere into a JSON value. */
function mutate(value: unknown, random: Random): unknown {
  if (random() < 0.25 || value === null || typeof value !== 'object') {
    return oddities[integer(random, oddities.length)];
  }
  if (Array.isArray(value)) {
    if (value.length === 0) return [oddities[integer(random, oddities.length)]];
    const index = integer(random, value.length);
    const items: unknown[] = value;
    if (random() < 0.1) return items.toSpliced(index, 1);
    if (random() < 0.1) return [...items, items[index]];
    return items.with(index, mutate(items[index], random));
  }
  const entries = Object.entries(value);
  const index = integer(random, entries.length);
  if (random() < 0.1) return Object.fromEntries(entries.toSpliced(index, 1));
  return Object.fromEntries(
    entries.map(([key, member], place) => [key, place === index ? mutate(member, random) : member]),
  );
}

/** A few lines of a prediction file, one of them changed, torn or written twice. */
function damagedLines(lines: readonly string[], random: Random): string {
  const start = integer(random, lines.length - 3);
  const some = lines.slice(start, start + 3);
  const index = integer(random, some.length);
  const line = some[index] ?? '';
  if (random() < 0.1) return some.with(index, line.slice(0, integer(random, line.length))).join('\n');
  if (random() < 0.1) return [...some, line].join('\n');
  if (random() < 0.1)
    return some.with(index, line.replace(/\d+/, random() < 0.5 ? 'NaN' : '1e999')).join('\n');
  return some.with(index, JSON.stringify(mutate(JSON.parse(line), random))).join('\n');
}

const tasks = [
  { task: 'magqa', pred: 'magqa/pred.jsonl', gold: 'magqa/gold.json', flags: ['--judge', 'lexical'] },
  {
    task: 'magqa',
    pred: 'magqa/offline_pred.jsonl',
    gold: 'magqa/offline_gold.json',
    flags: ['--judge', 'lexical'],
  },
  { task: 'pauc', pred: 'magqa/pred.jsonl', gold: 'magqa/gold.json', flags: ['--judge', 'lexical'] },
  { task: 'grounding', pred: 'grounding/pred_current.jsonl', gold: 'grounding/gold.json', flags: [] },
  { task: 'grounding', pred: 'grounding/offline_pred.jsonl', gold: 'grounding/offline_gold.json', flags: [] },
  { task: 'highlight', pred: 'highlight/pred_current.jsonl', gold: 'highlight/gold.jsonl', flags: [] },
  { task: 'highlight', pred: 'highlight/offline_pred.jsonl', gold: 'highlight/gold.jsonl', flags: [] },
  { task: 'densecap', pred: 'densecap/pred.jsonl', gold: 'densecap/gold.json', flags: [] },
];

function goldLines(name: string): {
  readonly items: string[];
  readonly wrap: (items: readonly string[]) => string;
} {
  const text = readFileSync(goldenPath(name), 'utf8');
  if (name.endsWith('.jsonl')) return { items: text.trim().split('\n'), wrap: (items) => items.join('\n') };
  const items: unknown = JSON.parse(text);
  const list: unknown[] = Array.isArray(items) ? items : [];
  return { items: list.map((item) => JSON.stringify(item)), wrap: (lines) => `[${lines.join(',\n')}]` };
}

describe.each(tasks)('damaged files of $task ($pred)', ({ task, pred, gold, flags }) => {
  const lines = readFileSync(goldenPath(pred), 'utf8').trim().split('\n');

  test.each(['compat', 'strict'])(
    'are scored or refused in %s mode, never a crash and never a number that is none',
    async (mode) => {
      using files = temporaryFiles();
      const random = seededRandom(mode.length);
      const outcomes = { scored: 0, refused: 0 };
      const options = ['--mode', mode, '--missing', 'skip'];
      const shared =
        task === 'magqa' ? options.filter((flag) => flag !== '--missing' && flag !== 'skip') : options;
      const { items, wrap } = goldLines(gold);
      for (let round = 0; round < 25; round += 1) {
        const damagedPred = files.write('pred.jsonl', damagedLines(lines, random));
        const byPred = ['--pred', damagedPred, '--gold', goldenPath(gold)];
        outcomes[(await scoreFiles(task, [...byPred, ...flags, ...shared])).type] += 1;
        const index = integer(random, items.length);
        const changed = items.with(index, JSON.stringify(mutate(JSON.parse(items[index] ?? 'null'), random)));
        const damagedGold = files.write('gold.json', wrap(changed));
        const few = files.write('few.jsonl', lines.slice(0, 4).join('\n'));
        const byGold = ['--pred', few, '--gold', damagedGold];
        outcomes[(await scoreFiles(task, [...byGold, ...flags, ...shared])).type] += 1;
      }
      expect(outcomes.scored).toBeGreaterThan(0);
      expect(outcomes.refused).toBeGreaterThan(0);
    },
  );
});
