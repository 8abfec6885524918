import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Journal } from '../../../server/scoring/runner/runs/journal.js';
import { freshFolder, playRandomly, playSettings, questions } from './recorded-run.js';

const run = { model: 'abc', threshold: 0.5 };
const played = questions(5).map((question) => playRandomly(question, playSettings()));

function newFile(): string {
  return join(freshFolder(), 'journal.jsonl');
}

async function fill(file: string, count: number): Promise<void> {
  await using journal = await Journal.open(file, run);
  for (const one of played.slice(0, count)) await journal.add(one);
}

test('what was added can be read back, by question, in any order', async () => {
  const file = newFile();
  await fill(file, 5);
  await using journal = await Journal.open(file, run);
  expect(journal.size).toBe(5);
  for (const one of [...played].reverse()) expect(await journal.get(one.question_id)).toEqual(one);
  expect(await journal.get('another')).toBeNull();
});

test('texts in any script keep their place in the file', async () => {
  const file = newFile();
  const strange = played.map((one, index) => ({ ...one, warnings: ['猫が来る 🐈\u2028'.repeat(index)] }));
  {
    await using journal = await Journal.open(file, run);
    await Promise.all(strange.map((one) => journal.add(one)));
    for (const one of strange) expect(await journal.get(one.question_id)).toEqual(one);
  }
  await using journal = await Journal.open(file, run);
  for (const one of strange) expect(await journal.get(one.question_id)).toEqual(one);
});

test('a file cut off at any byte opens with every whole line, and goes on to the same file', async () => {
  const whole = newFile();
  await fill(whole, 2);
  const text = readFileSync(whole);
  const file = newFile();
  for (let end = 0; end <= text.length; end += 97) {
    writeFileSync(file, text);
    truncateSync(file, end);
    const lines = text.subarray(0, end).filter((byte) => byte === 0x0a).length;
    await using journal = await Journal.open(file, run);
    expect(journal.size, `cut at byte ${end}`).toBe(Math.max(0, lines - 1));
    for (const one of played.slice(0, 2)) await journal.add(one);
    expect(readFileSync(file).equals(text), `cut at byte ${end}`).toBe(true);
  }
});

test('a question is kept once, however often it is added', async () => {
  const file = newFile();
  await fill(file, 3);
  await fill(file, 3);
  expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(4);
});

test('a journal of a run under other settings is refused, and the difference named', async () => {
  const file = newFile();
  await fill(file, 1);
  await expect(Journal.open(file, { ...run, threshold: 0.25 })).rejects.toThrow(
    /threshold was 0\.5 and is now 0\.25; choose another output folder, or start over with --restart$/,
  );
});

test.each([
  ['a line that is no JSON', 'nonsense\n', /journal\.jsonl:3: is not a line/],
  ['a line of something else', '{"question_id":"x"}\n', /journal\.jsonl:3: is not a line/],
  ['a blank line', '\n', /is not a line/],
])('%s is refused, not skipped', async (_name, line, message) => {
  const file = newFile();
  await fill(file, 1);
  appendFileSync(file, line);
  await expect(Journal.open(file, run)).rejects.toThrow(message);
});
