import { expect, test } from 'vitest';
import { TranscriptView } from '../../../server/cli/watch/transcript-view.js';
import type { SessionEvent, SessionHappening } from '../../../server/duet/record/events.js';

const opened: SessionHappening = {
  type: 'source.opened',
  source: 'kitchen',
  info: { width: 320, height: 240, fps: 25, duration: 40, codec: 'h264', live: false },
  samplingFps: 2,
};

const timing = { firedMs: 1, firstTokenMs: 2, finishedMs: 3 };
const done = {
  type: 'response.done',
  questionId: null,
  responseId: 'r',
  finish: 'end',
  text: 'A dog',
  tokens: 2,
  kept: false,
} as const;

function frame(score: number): SessionHappening {
  return {
    type: 'frame.scored',
    frameIndex: 0,
    informativeScore: score,
    relevanceScore: 0,
    score,
    runningSum: null,
    pictureChange: null,
    questionId: null,
    questions: [],
    threshold: 0.5,
    fired: false,
    reason: 'score_not_above_threshold',
  };
}

/** What is written for happenings at one second of wall time and half a second of video each. */
function render(terminal: boolean, happenings: readonly SessionHappening[]): string {
  const view = new TranscriptView({ terminal });
  const events = happenings.map((happening, index): SessionEvent => ({
    ...happening,
    seq: index + 1,
    videoTime: index / 2,
    elapsedMs: index * 1000,
  }));
  return events.map((event) => view.render(event)).join('');
}

test('a transcript names the source, and every text with its time', () => {
  const text = render(false, [
    opened,
    {
      type: 'user.text.inserted',
      questionId: 'question_1',
      text: 'What is it?',
      clientEventId: null,
      requestedTime: null,
    },
    frame(0),
    frame(0.99),
    { type: 'response.started', questionId: null, responseId: 'r', frameIndex: 1 },
    { type: 'response.text.delta', responseId: 'r', delta: 'A ' },
    { type: 'response.text.delta', responseId: 'r', delta: 'dog' },
    { ...done, status: 'completed', timing },
    {
      type: 'source.ended',
      frames: 2,
      droppedFrames: 0,
      waitingTexts: 0,
      reason: 'finished',
      warnings: ['cut off'],
    },
  ]);
  expect(text).toBe(
    [
      'kitchen (320x240, 00:40), 2 frames a second',
      '00:00                you: What is it?',
      '00:02            ▁█  A dog',
      '00:04  finished: 2 frames in 8.0 s, 0.5x real time',
      '       the video: cut off',
      '',
    ].join('\n'),
  );
});

test('a reply that was cut off says so', () => {
  const text = render(false, [
    { type: 'response.started', questionId: null, responseId: 'r', frameIndex: 0 },
    { type: 'response.text.delta', responseId: 'r', delta: 'A' },
    { ...done, status: 'cancelled', timing },
  ]);
  expect(text).toMatch(/ {2}A \[cancelled\]\n$/);
});

test('control characters of a text or a reply do not reach the terminal', () => {
  const text = render(false, [
    {
      type: 'user.text.inserted',
      questionId: 'question_1',
      text: 'a\u001b[2Jb\nc',
      clientEventId: null,
      requestedTime: null,
    },
    { type: 'response.started', questionId: null, responseId: 'r', frameIndex: 0 },
    { type: 'response.text.delta', responseId: 'r', delta: '\u001b]0;evil\u0007\u009b' },
  ]);
  expect(text).not.toMatch(/[\u001b\u0007\u009b]/);
});

test('on a terminal a status line shows position, speed and score, and makes room for what is said', () => {
  const text = render(true, [
    opened,
    frame(0.25),
    {
      type: 'user.text.inserted',
      questionId: 'question_1',
      text: 'Hm',
      clientEventId: null,
      requestedTime: null,
    },
  ]);
  expect(text).toBe(
    'kitchen (320x240, 00:40), 2 frames a second\n' +
      '00:00 ──────────────────── 00:40  0.5x  ▅ 0.25 / 0.50' +
      '\r\u001b[K00:01                you: Hm\n',
  );
});

test('the status line stays away while a reply is written', () => {
  const text = render(true, [
    frame(0.1),
    { type: 'response.started', questionId: null, responseId: 'r', frameIndex: 0 },
    { type: 'response.text.delta', responseId: 'r', delta: 'one' },
    frame(0.1),
    { type: 'response.text.delta', responseId: 'r', delta: ' two' },
  ]);
  expect(text).toMatch(/one two$/);
});
