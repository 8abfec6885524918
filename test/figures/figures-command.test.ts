import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Twenty-four benchmarks, each of them begun anew with its model, on a machine that may be busy. */
const patience = 900_000;

interface Running {
  readonly child: ChildProcess;
  readonly complaints: () => string;
  readonly ended: Promise<number | null>;
}

/** `npm run figures` on the first question of every kind in the bundled test set, with a small card. */
async function startFigures(folder: string): Promise<Running> {
  const card = join(folder, 'card.md');
  await writeFile(card, '# {{model.name}}\n\n{{in_span}}\n\n{{table.answering}}\n');
  const places = ['--out', join(folder, 'out'), '--work', join(folder, 'work')];
  const command = ['--import', 'tsx', 'models/figures/main.ts', ...places, '--card', card, '--quick', '1'];
  const child = spawn(process.execPath, command, { cwd: root });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let said = '';
  child.stderr.on('data', (data: Buffer) => {
    said += data.toString();
  });
  const ended = once(child, 'close').then(([code]: unknown[]) => z.number().nullable().parse(code));
  return { child, complaints: () => said, ended };
}

async function figuresIn(folder: string): Promise<Record<string, unknown>> {
  return z
    .record(z.string(), z.unknown())
    .parse(JSON.parse(await readFile(join(folder, 'out', 'figures.json'), 'utf8')));
}

test(
  'figures that are stopped write nothing, go on, and come out the same again but for what is measured',
  { timeout: patience },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'duet-figures-test-'));
    const stopped = await startFigures(folder);
    while (!stopped.complaints().includes('figures: 3 of '))
      await once(stopped.child.stderr ?? stopped.child, 'data');
    stopped.child.kill('SIGINT');
    expect(await stopped.ended, stopped.complaints()).toBe(130);
    expect(stopped.complaints()).toMatch(/interrupted; the same command goes on where it stopped/);
    expect(existsSync(join(folder, 'out'))).toBe(false);

    const whole = await startFigures(folder);
    expect(await whole.ended, whole.complaints()).toBe(0);
    const { measured, ...figures } = await figuresIn(folder);
    expect(figures).toMatchObject({
      split: { quick: 1, clips: 60, questions: { magqa: 1, youcook2: 1 } },
      variants: { majority: { answering: { out_of_span_ratio: 0, recall: 1, questions: 1 } } },
    });
    expect(Object.keys(figures['variants'] ?? {})).toEqual([
      ...['model', 'oracle-times', 'uniform', 'every-frame', 'majority', 'shuffled', 'black'],
    ]);
    expect(measured).toMatchObject({ frames_per_second: { batch: 4 } });
    expect(await readFile(join(folder, 'out', 'MODEL_CARD.md'), 'utf8')).toMatch(
      /^# duet-nano\n\n[1-5]\.\d\d/,
    );
    expect(await readFile(join(folder, 'out', 'threshold-curve.svg'), 'utf8')).toMatch(/^<svg /);

    const again = await startFigures(folder);
    expect(await again.ended, again.complaints()).toBe(0);
    const repeated = await figuresIn(folder);
    expect(JSON.stringify({ ...repeated, measured: null })).toBe(
      JSON.stringify({ ...figures, measured: null }),
    );
  },
);
