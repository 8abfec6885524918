import { mkdtempSync, rmSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { playReal } from '../../../models/figures/real/play-real.js';
import type { RealQuestion } from '../../../models/figures/real/real-clips.js';
import { packageFolder } from '../../../server/package-folder.js';

const video = 'street.mp4';
const narration: RealQuestion = { id: 'street.narrate', video, kind: 'narrate', time: 0, language: 'en' };
const count: RealQuestion = {
  ...{ id: 'street.count', video, kind: 'count' },
  ...{ text: 'How many cars are there?', time: 2, language: 'en' },
};

test('clips are played through the server once, and questions about now only until they are answered', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'duet-real-'));
  const clips = join(folder, 'clips');
  await cp(join(packageFolder, 'samples', 'clips'), clips, { recursive: true });
  const progress: string[] = [];
  const play = {
    ...({ model: 'duet-nano', frames: 'video', questions: [narration, count], clips } as const),
    ...{ work: join(folder, 'work'), jobs: 2 },
    onProgress: (done: number, total: number) => progress.push(`${done}/${total}`),
  };
  const { signal } = new AbortController();
  const played = await playReal(play, signal);
  expect(progress).toEqual(['0/2', '1/2', '2/2']);
  expect(played.get('street.narrate')?.replies.length).toBeGreaterThan(2);
  const watched = played.get('street.count')?.frames.map(([time]) => time) ?? [];
  expect(Math.max(...watched)).toBeLessThan(6);
  expect(Math.max(...watched)).toBeGreaterThan(5);

  rmSync(clips, { recursive: true });
  expect(await playReal(play, signal)).toEqual(played);
  const other = { ...narration, id: 'other.narrate' };
  await expect(playReal({ ...play, questions: [other] }, signal)).rejects.toThrow(
    /the clips of real pictures are built by models\/figures\/real\/clips\/build_clips\.py/,
  );
}, 120_000);
