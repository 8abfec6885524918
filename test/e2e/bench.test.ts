import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { appendFile, copyFile, readFile, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { findModelFolder } from '../../server/runtime/find-model.js';
import { readManifest } from '../../server/runtime/folder/model-folder.js';
import { hasRedis, startRedis } from '../support/redis-server.js';
import { waitUntil } from '../support/wait-until.js';
import { temporaryFolder } from '../transport/test-server.js';
import { DuetProcess, runDuet, type Ended } from './duet-process.js';

const samples = fileURLToPath(new URL('../../samples', import.meta.url));
/** Short, so that the tests wait for processes rather than for the model. */
const few = ['--limit', '4', '--max-frames', '24'];
/** Several processes one after another, on a machine that may be busy. */
const patience = 180_000;

/** How many questions a run has finished by now. */
function playedIn(folder: string): number {
  try {
    return readFileSync(join(folder, 'journal.jsonl'), 'utf8').split('\n').length - 2;
  } catch {
    return 0;
  }
}

interface Result {
  readonly predictions: string;
  readonly report: Record<string, unknown>;
}

/** What a run left behind, but for what was measured on a clock. */
async function resultIn(folder: string): Promise<Result> {
  const report = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as Record<string, unknown>;
  const predictions = await readFile(join(folder, 'predictions.jsonl'), 'utf8');
  return { predictions, report: { ...report, in_span_at_delivery: undefined } };
}

async function benchMagqa(folder: string, ...others: string[]): Promise<Ended> {
  return runDuet(['bench', 'magqa', '-o', folder, ...few, ...others]);
}

const wholeFolder = mkdtempSync(join(tmpdir(), 'duet-test-whole-'));
afterAll(() => {
  rmSync(wholeFolder, { recursive: true });
});

/** A run that was left alone; played once, then only scored again. */
async function uninterrupted(): Promise<Result> {
  const { exitCode, stdout, stderr } = await benchMagqa(wholeFolder);
  expect(exitCode, stderr).toBe(0);
  expect(stdout).toMatch(/^in_span +[1-5]\.\d\d$/m);
  expect(await readFile(join(wholeFolder, 'report.html'), 'utf8')).toMatch(/^<!doctype html>/i);
  return resultIn(wholeFolder);
}

test(
  'a benchmark killed again and again ends with the same files as one that was left alone',
  { timeout: patience },
  async () => {
    const folder = join(await temporaryFolder(), 'killed');
    for (const [kill, least] of [1, 2, 3].entries()) {
      const run = new DuetProcess(['bench', 'magqa', '-o', folder, ...few]);
      await waitUntil(() => playedIn(folder) >= least);
      run.child.kill('SIGKILL');
      expect((await run.ended).signal).toBe('SIGKILL');
      // A kill in the middle of a write leaves a part of a line.
      const journal = join(folder, 'journal.jsonl');
      if (kill === 0) await appendFile(journal, '{"question_id":"test000.3');
      if (kill === 1) await truncate(journal, readFileSync(journal).length - 100);
    }
    expect((await benchMagqa(folder)).exitCode).toBe(0);
    expect(await resultIn(folder)).toEqual(await uninterrupted());
  },
);

test('Ctrl-C ends a benchmark in order, says how to go on, and leaves no process behind', async () => {
  const folder = join(await temporaryFolder(), 'stopped');
  const run = new DuetProcess(['bench', 'magqa', '-o', folder, '--jobs', '1', '--max-frames', '24']);
  await waitUntil(() => playedIn(folder) >= 1);
  run.child.kill('SIGINT');
  const { exitCode, stderr } = await run.ended;
  expect(exitCode).toBe(130);
  expect(stderr.trimEnd().split('\n').at(-1)).toMatch(/^duet: interrupted; the same command goes on /);
  expect(await run.family()).toEqual([]);
});

test('videos that are missing or broken are named and counted, and the others scored', async () => {
  const videos = await temporaryFolder();
  await copyFile(join(samples, 'clips', 'kitchen.mp4'), join(videos, 'kitchen.mp4'));
  await writeFile(join(videos, 'street.mp4'), 'no video');
  const answer = [{ content: 'A cat appears.', time: [1, 5] }];
  const asked = [{ role: 'user', content: 'What happens?', time: 0 }];
  const items = ['kitchen', 'street', 'nowhere', '../escape'].map((name) => {
    return { question_id: name, video: `${name}.mp4`, conversation: asked, answer };
  });
  await writeFile(join(videos, 'test.json'), JSON.stringify(items));
  const own = ['--annotations', join(videos, 'test.json'), '--allow-bundled-ffmpeg'];
  const args = [...own, '--judge', 'lexical', '--json'];
  const { exitCode, stdout, stderr } = await benchMagqa(join(videos, 'out'), ...args);
  expect(exitCode, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ n_questions: 4, n_played: 1, n_unplayable: 3, n_missing: 3 });
  expect(stderr).toMatch(/^duet: nowhere was not played: there is no file nowhere\.mp4$/m);
  expect(stderr).toMatch(/^duet: street was not played: .*street\.mp4/m);
  expect(stderr).toMatch(/^duet: \.\.\/escape was not played: .*is outside/m);
  const strict = await benchMagqa(join(videos, 'out2'), ...args, '--fail-fast');
  expect(strict.exitCode).toBe(1);
});

test('a test split whose answers are kept back is played, and what can be handed in is written', async () => {
  const folder = await temporaryFolder();
  await copyFile(join(samples, 'clips', 'kitchen.mp4'), join(folder, 'kitchen.webm'));
  const id = '7106872637432423685';
  const highlights = join(folder, 'highlight_test_release.jsonl');
  await writeFile(highlights, `{"qid":${id},"query":"A cat appears.","duration":10,"vid":"kitchen"}\n`);
  const common = ['--max-frames', '8', '--allow-bundled-ffmpeg'];
  const played = await runDuet([
    'bench',
    'qvhighlights',
    '--annotations',
    highlights,
    '-o',
    join(folder, 'q'),
    ...common,
  ]);
  expect(played.exitCode, played.stderr).toBe(0);
  expect(played.stdout).toMatch(/^note: the question has no answer, so nothing is scored$/m);
  expect(played.stdout).toMatch(
    /^note: 1 videos are there under another name, such as kitchen\.webm for kitchen\.mp4$/m,
  );
  expect(played.stderr).toMatch(
    /^duet: wrote .*submission\.jsonl.*; nothing is scored, since there are no answers$/m,
  );
  const { predictions } = await resultIn(join(folder, 'q'));
  expect(predictions).toMatch(new RegExp(`^\\{"question_id":${id},.*\n$`));
  const submission = await readFile(join(folder, 'q', 'submission.jsonl'), 'utf8');
  expect(submission).toMatch(
    new RegExp(
      `^\\{"qid":${id},"query":"A cat appears\\.","vid":"kitchen","pred_saliency_scores":\\[[\\d.,]+\\]\\}\n$`,
    ),
  );

  const asked = {
    question_id: 'a',
    video: 'kitchen.mp4',
    conversation: [{ role: 'user', content: 'What?', time: 0 }],
  };
  const questions = join(folder, 'test.json');
  await writeFile(questions, JSON.stringify([asked]));
  const unjudged = ['bench', 'magqa', '--annotations', questions, '-o', join(folder, 'm'), ...common];
  expect((await runDuet([...unjudged, '--json'])).exitCode).toBe(0);
  expect((await resultIn(join(folder, 'm'))).report).toMatchObject({ n_unlabelled: 1, n_played: 1 });
  const swept = await runDuet([...unjudged, '--sweep', '0.1,0.2']);
  expect(swept).toMatchObject({ exitCode: 2, stdout: '' });
  expect(swept.stderr).toMatch(/^duet: --sweep needs answers to score, and .*test\.json has none\n$/);
});

test('what is handed in for the bundled highlights scores as the report says', async () => {
  const folder = await temporaryFolder();
  const run = await runDuet(['bench', 'qvhighlights', '-o', folder, '--limit', '2', '--json']);
  const gold = join(samples, 'benchmark', 'annotations', 'highlights.jsonl');
  const files = ['--pred', join(folder, 'submission.jsonl'), '--gold', gold, '--missing', 'skip'];
  const scored = await runDuet(['score', 'highlight', ...files, '--json']);
  const figuresOf = ({ stdout }: Ended) =>
    (JSON.parse(stdout) as { windows: Record<string, unknown> }).windows['0'];
  expect(figuresOf(scored)).toEqual(figuresOf(run));
});

test('a run goes on under the same settings only', async () => {
  const folder = join(await temporaryFolder(), 'out');
  expect((await benchMagqa(folder, '--limit', '1')).exitCode).toBe(0);
  const other = await benchMagqa(folder, '--limit', '1', '--fps', '1');
  expect(other.exitCode).toBe(2);
  expect(other.stderr).toMatch(/^duet: .*journal\.jsonl: .*fps was 2 and is now 1; .*--restart\n$/);
  expect((await benchMagqa(folder, '--limit', '1', '--fps', '1', '--restart')).exitCode).toBe(0);
});

test('a sweep reports what separate runs at each threshold report', { timeout: patience }, async () => {
  const { magqa, default: others } = (await readManifest(findModelFolder('duet-nano'))).recommended;
  const { policy } = magqa ?? others;
  const recommended = policy.type === 'threshold' ? policy.threshold : NaN;
  const folder = await temporaryFolder();
  const swept = await benchMagqa(join(folder, 'swept'), '--sweep', '0.15,0.5');
  expect(swept.exitCode, swept.stderr).toBe(0);
  const { report, predictions } = await resultIn(join(folder, 'swept'));
  expect(predictions).toBe((await uninterrupted()).predictions);
  const { points } = report['sweep'] as { points: { threshold: number; in_span: number; turns: number }[] };
  const thresholds = new Set([0.15, recommended, 0.5]);
  expect(points.map(({ threshold }) => threshold)).toEqual([...thresholds].sort((a, b) => a - b));
  await benchMagqa(join(folder, 'alone'), '--threshold', '0.15');
  const alone = (await resultIn(join(folder, 'alone'))).report;
  const swept15 = points.find(({ threshold }) => threshold === 0.15);
  expect(swept15).toMatchObject({ in_span: alone['in_span'], turns: alone['turns'] });
  expect(swept15?.turns).toBeGreaterThan(0);
});

test.each(['youcook2', 'charades', 'qvhighlights', 'proactive'])(
  'duet bench %s runs on the bundled test set without being told anything',
  async (task) => {
    const folder = join(await temporaryFolder(), task);
    const { exitCode, stdout, stderr } = await runDuet([
      'bench',
      task,
      '-o',
      folder,
      '--limit',
      '2',
      '--json',
    ]);
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ n_played: 2, n_scored: 2, n_null_values: 0 });
    // What is printed for people begins with real figures.
    const { stdout: table } = await runDuet(['bench', task, '-o', folder, '--limit', '2']);
    expect(table.split('\n\n')[1]).toMatch(/^\S+ +\d/);
  },
);

test(
  'baselines and changed frames are named in folder, journal and report, and go on like any run',
  { timeout: patience },
  async () => {
    const folder = await temporaryFolder();
    const one = ['--limit', '1', '--max-frames', '24'];
    const majority = ['bench', 'magqa', ...one, '-o', join(folder, 'majority'), '--baseline', 'majority'];
    const first = await runDuet([...majority, '--json']);
    expect(first.exitCode, first.stderr).toBe(0);
    const report = JSON.parse(first.stdout) as { in_span: number; notes: string[] };
    expect(report).toMatchObject({
      n_played: 1,
      out_of_span_ratio: 0,
      run: { baseline: { type: 'majority' } },
    });
    expect(report.notes).toContainEqual(expect.stringMatching(/^baseline majority: no model: ".+" was said/));
    expect(await readFile(join(folder, 'majority', 'report.html'), 'utf8')).toMatch(/baseline majority/);
    const other = await runDuet([
      'bench',
      'magqa',
      ...one,
      '-o',
      join(folder, 'majority'),
      '--frames',
      'black',
    ]);
    expect(other.exitCode).toBe(2);
    expect(other.stderr).toMatch(/gold was|frames was "video" and is now "black"/);
    const uniform = ['--baseline', 'uniform', '--frames', 'shuffled', '--json'];
    const played = await runDuet(['bench', 'magqa', ...one, ...uniform, '-o', join(folder, 'uniform')]);
    expect(played.exitCode, played.stderr).toBe(0);
    expect(JSON.parse(played.stdout)).toMatchObject({
      n_frames: 24,
      run: { frames: 'shuffled', baseline: { type: 'uniform', interval: expect.any(Number) as number } },
    });
  },
);

test.skipIf(!hasRedis)(
  'two workers, one of them killed on the way, give the same files as one process alone',
  { timeout: patience },
  async () => {
    await using redis = await startRedis();
    const queue = ['--queue', redis.url];
    const folder = join(await temporaryFolder(), 'shared');
    const workers = [0, 1].map(() => new DuetProcess(['bench', 'worker', ...queue, '--jobs', '1']));
    const run = new DuetProcess(['bench', 'magqa', '-o', folder, ...few, ...queue, '--only-queue']);
    await Promise.all(workers.map((worker) => worker.complains(/1: /)));
    workers[0]?.child.kill('SIGKILL');
    const { exitCode, stderr } = await run.ended;
    expect(exitCode, stderr).toBe(0);
    workers[1]?.child.kill('SIGINT');
    expect((await workers[1]?.ended)?.exitCode).toBe(0);
    expect(await resultIn(folder)).toEqual(await uninterrupted());
  },
);

test('a Redis that does not answer is named before anything is played', async () => {
  const { exitCode, stderr } = await benchMagqa(await temporaryFolder(), '--queue', 'redis://127.0.0.1:1');
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/^duet: no Redis answers at redis:\/\/127\.0\.0\.1:1 .*leave out --queue.*\n$/);
});
