import { readFileSync } from 'node:fs';
import { afterAll, expect } from 'vitest';
import type { Command } from 'commander';
import { judgeCommand } from '../../../server/cli/judge/judge-command.js';
import { scoreCommand } from '../../../server/cli/score/score-command.js';
import { goldenPath } from '../../scoring/support/golden.js';
import { temporaryFiles } from '../../scoring/support/temporary-files.js';

/** Runs `duet score ...` and gives what it prints. */
export function score(...flags: string[]): Promise<string> {
  return run(scoreCommand, flags);
}

/** Runs `duet judge ...` and gives what it prints. */
export function judge(...flags: string[]): Promise<string> {
  return run(judgeCommand, flags);
}

/** The first predictions of the golden MAGQA run, as a file of their own. */
export function fewPredictions(count = 20): string {
  return readFileSync(goldenPath('magqa/pred.jsonl'), 'utf8').split('\n').slice(0, count).join('\n') + '\n';
}

/**
 * Flags that name a few golden predictions and their annotations; the file lies there while the tests of this
 * file run.
 */
export function fewGoldenFiles(): readonly [string, string, string, string] {
  const shared = temporaryFiles();
  afterAll(() => {
    shared[Symbol.dispose]();
  });
  return ['--pred', shared.write('pred.jsonl', fewPredictions()), '--gold', goldenPath('magqa/gold.json')];
}

async function run(command: (print: (text: string) => void) => Command, flags: string[]): Promise<string> {
  const printed: string[] = [];
  const made = command((text) => printed.push(text));
  quiet(made);
  await made.parseAsync(flags, { from: 'user' });
  expect(printed).toHaveLength(1);
  return printed.join('');
}

function quiet(command: Command): void {
  command.exitOverride().configureOutput({ writeErr: () => undefined });
  command.commands.forEach(quiet);
}
