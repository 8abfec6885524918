import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultSettings, type SessionSettings } from '../../../server/settings/session-settings.js';
import type { QuestionOutcome, Played } from '../../../server/scoring/data/played.js';
import type { PlayAll } from '../../../server/scoring/runner/runs/run.js';
import type { Question } from '../../../server/scoring/data/question.js';
import type { PlaySettings } from '../../../server/scoring/runner/play/settings.js';
import { firstTurnState, takeTurn } from '../../../server/duet/policy/take-turn.js';
import { seededRandom } from '../../../server/scoring/statistics/random.js';

/** A folder of its own for a test. */
export function freshFolder(): string {
  return mkdtempSync(join(tmpdir(), 'duet-bench-'));
}

/** Questions about videos that do not exist, for players that need none. */
export function questions(count: number): Question[] {
  return Array.from({ length: count }, (_, index) => ({
    questionId: `q${index}.mp4`,
    video: `${index}.mp4`,
    conversation: [{ time: 0, content: 'What happens?' }],
    gold: [],
    tags: {},
  }));
}

/** Settings of a session without a model behind it. */
export function playSettings(session: Partial<SessionSettings> = {}): PlaySettings {
  return {
    session: {
      ...defaultSettings.live,
      ...{ fps: 2, heads: ['informative', 'relevance'], policy: { type: 'threshold', threshold: 0.5 } },
      ...{
        cooldown: 0,
        assistantTurns: 'remove',
        interrupt: 'cancel',
        repetitionPenalty: 1,
        maxReplyTokens: 200,
      },
      ...{ memory: 'renewed', window: 60, textWindow: 512, sink: 2048, positions: 'contiguous' },
      ...{ systemPrompt: 'Help.', promptLayout: 'trained', readText: 'off', queueLimit: 32, batchLimit: 4 },
      ...session,
    },
    ...{ sampler: 'timestamps', maxFrames: null, pacing: 'fast', frames: 'video', baseline: null },
  };
}

/** What a model with random scores, the same for the same question, would have said under the settings. */
export function playRandomly({ questionId }: Question, { session }: PlaySettings): Played {
  const random = seededRandom(Number(String(questionId).replaceAll(/\D/g, '')));
  const frames: Played['frames'] = Array.from({ length: 40 }, (_, index) => [index / 2, random(), random()]);
  const replies: Played['replies'] = [];
  let state = firstTurnState;
  for (const [videoTime, informative, relevance] of frames) {
    const { decision, next } = takeTurn(session, state, { videoTime, informative, relevance });
    state = next;
    if (decision.answer === 'speak') {
      replies.push({ time: videoTime, content: `At ${videoTime} s.`, delivery_time: videoTime + 0.25 });
    }
  }
  return {
    ...{
      question_id: questionId,
      video_duration: 20,
      replies,
      suppressed: [],
      frames,
      unasked: 0,
      renewals: 0,
      warnings: [],
    },
  };
}

/** Plays at random, and records which questions it was asked to play. */
export function randomPlayer(settings: PlaySettings, heard: string[]): PlayAll {
  return async function* (asked): AsyncGenerator<QuestionOutcome> {
    for (const question of asked) {
      heard.push(String(question.questionId));
      yield await Promise.resolve({ type: 'played', played: playRandomly(question, settings) });
    }
  };
}
