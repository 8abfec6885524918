import { copyFileSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { DuetError } from '../../../server/errors.js';
import { questionPlayer, type PlayQuestion } from '../../../server/scoring/runner/play/play-question.js';
import type { Question } from '../../../server/scoring/data/question.js';
import type { Script } from '../../../server/runtime/scripted/script.js';
import { ScriptedModel } from '../../../server/runtime/scripted/scripted-model.js';
import { playSettings } from './recorded-run.js';

const clip = fileURLToPath(new URL('../../../samples/clips/kitchen.mp4', import.meta.url));
const never = new AbortController().signal;

/** A player over a folder with `kitchen.mp4` outside of it, and a link to that within. */
function playerWith(script: Script): PlayQuestion {
  const root = mkdtempSync(join(tmpdir(), 'duet-play-'));
  copyFileSync(clip, join(root, 'kitchen.mp4'));
  const videos = mkdtempSync(join(root, 'videos-'));
  symlinkSync(join(root, 'kitchen.mp4'), join(videos, 'link.mp4'));
  return questionPlayer({
    model: new ScriptedModel(script),
    videos: [videos],
    settings: { ...playSettings(), maxFrames: 4 },
    ffmpegPolicy: { trustedSource: false, allowBundled: true },
  });
}

function about(video: string): Question {
  return { questionId: 'q', video, conversation: [{ time: 0, content: 'What?' }], gold: [], tags: {} };
}

/** A model whose frames fail. */
const breaking = (error: Error): Script => ({
  before: ({ type }) => {
    if (type === 'frames') throw error;
  },
});

test('a link within the folder of videos is followed: it is its owner who laid it', async () => {
  const outcome = await playerWith({})(about('link.mp4'), never);
  expect(outcome).toMatchObject({ type: 'played', played: { question_id: 'q', unasked: 0 } });
});

test.each(['a\0b.mp4', '../kitchen.mp4', 'nowhere.mp4', '.', `${'a'.repeat(5000)}.mp4`])(
  'the video %j makes its question unplayable, not the run',
  async (video) => {
    expect(await playerWith({})(about(video), never)).toMatchObject({ type: 'unplayable', questionId: 'q' });
  },
);

test('a text that no context holds makes its question unplayable', async () => {
  const play = playerWith(breaking(new DuetError('context_full', 'the user text needs 200011 tokens')));
  const outcome = await play(about('link.mp4'), never);
  expect(outcome.type === 'unplayable' && outcome.reason).toMatch('200011 tokens');
});

test('a model that breaks is thrown once, and nothing is left to reject unheard', async () => {
  const unheard: unknown[] = [];
  const listen = (reason: unknown): void => {
    unheard.push(reason);
  };
  process.on('unhandledRejection', listen);
  const play = playerWith(breaking(new DuetError('model_failed', 'out of memory')));
  await expect(play(about('link.mp4'), never)).rejects.toMatchObject({ code: 'model_failed' });
  await new Promise(setImmediate);
  process.off('unhandledRejection', listen);
  expect(unheard).toEqual([]);
});
