import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DuetSession } from '../../../server/duet/session.js';
import { ReaderThread } from '../../../server/runtime/worker/reader-thread.js';
import type { TextReader } from '../../../server/runtime/reader/text-reader.js';
import type { Script } from '../../../server/runtime/scripted/script.js';
import type { SessionSettings } from '../../../server/settings/session-settings.js';
import type { Picture, VideoFrame } from '../../../server/video/frame.js';
import { eventsOf, modelByBrightness, openSession } from '../../support/duet-session.js';
import { FakeStream, fakeFrames } from '../../support/fake-stream.js';
import { emptyPicture, signPicture } from '../../support/sign-picture.js';

let reader: ReaderThread;
let sign: Picture;
beforeAll(async () => {
  reader = new ReaderThread({ threads: 1 });
  sign = await signPicture();
});
afterAll(() => reader[Symbol.asyncDispose]());

/** Frames at 2 a second: `s` with the sign, `.` without; the model is sure that it should speak at each. */
function frames(shown: string): readonly VideoFrame[] {
  const bright = fakeFrames(Array.from(shown).map((each) => (each === 's' ? 90 : 80)));
  return bright.map((frame, index) => ({
    ...frame,
    detail: () => Promise.resolve(shown[index] === 's' ? sign : emptyPicture),
  }));
}

async function session(
  script: Script = {},
  settings: Partial<SessionSettings> = {},
  texts: TextReader = reader,
): Promise<DuetSession> {
  const model = Object.assign(modelByBrightness({ replies: ['model'], ...script }), { reader: texts });
  return openSession(model, settings);
}

const fast = { source: 'test', samplingFps: 2, realtime: false };

function play(watching: DuetSession, shown: string, options = fast): Promise<void> {
  return watching.watch(new FakeStream(frames(shown)), options);
}

/** When what was said, leaving out what the model behind said. */
function said(watching: DuetSession): [number, string][] {
  return eventsOf(watching, 'response.done')
    .filter(({ text }) => text !== 'model')
    .map(({ videoTime, text }) => [videoTime, text]);
}

describe('what is read', () => {
  test('is recorded once with its place when it appears and when it is gone', async () => {
    await using watching = await session();
    await play(watching, '..ssssss......');
    expect(eventsOf(watching, 'text.seen')).toMatchObject([
      { videoTime: 1, textId: 'text_1', text: 'STOP', place: 'left' },
      { videoTime: 1, textId: 'text_2', text: 'Gate 42', place: 'right' },
    ]);
    expect(eventsOf(watching, 'text.gone')).toMatchObject([
      { videoTime: 5, textId: 'text_1', text: 'STOP' },
      { videoTime: 5, textId: 'text_2', text: 'Gate 42' },
    ]);
  });

  test('is read only where the picture has changed', async () => {
    let looks = 0;
    const counting: TextReader = {
      read: (request, signal) => {
        looks += 1;
        return reader.read(request, signal);
      },
    };
    await using watching = await session({}, {}, counting);
    await play(watching, '................ssssssssssssssss');
    expect(looks).toBe(2);
  });

  test('changes nothing for the model where it is switched off', async () => {
    const heard: string[] = [];
    const before: Script['before'] = (call) => {
      if (call.type === 'user') heard.push(call.text);
    };
    await using watching = await session({ before }, { readText: 'off' });
    watching.addUserText('What does the sign say?');
    await play(watching, 'ssss');
    expect(eventsOf(watching, 'text.seen')).toEqual([]);
    expect(heard).toEqual(['What does the sign say?']);
  });
});

describe('questions about text', () => {
  test.each([
    ['What does the sign say?', 'On the left it says "STOP"; on the right it says "Gate 42".'],
    ['What does the sign on the right say?', 'On the right it says "Gate 42".'],
    ['Is there a sign that says GATE 42?', 'Yes, on the right it says "Gate 42".'],
    ['Does it say EXIT?', 'No, I do not read "EXIT".'],
    ['Que dit le panneau ?', 'À gauche, il est écrit « STOP » ; à droite, il est écrit « Gate 42 ».'],
    ['¿Qué pone a la izquierda?', 'A la izquierda pone «STOP».'],
    ['牌子上写着什么？', '左边写着“STOP”；右边写着“Gate 42”。'],
  ])('%s', async (question, answer) => {
    await using watching = await session();
    watching.addUserText(question, { videoTime: 1 });
    await play(watching, 'ssssssss');
    expect(said(watching)).toEqual([[1, answer]]);
  });

  test('are answered honestly where nothing is written', async () => {
    await using watching = await session();
    watching.addUserText('What does the sign say?');
    await play(watching, '....');
    expect(said(watching)).toEqual([[0, 'I see nothing that I can read.']]);
  });

  test('do not reach the model, and everything else does', async () => {
    const heard: string[] = [];
    const before: Script['before'] = (call) => {
      if (call.type === 'user') heard.push(call.text);
    };
    await using watching = await session({ before });
    watching.addUserText('What does the sign say?');
    watching.addUserText('What does the man say?');
    await play(watching, 'ss');
    expect(heard).toEqual(['What does the man say?']);
  });

  test('stand until what they wait for appears; until then the model is silent', async () => {
    await using watching = await session();
    await watching.addQuestion('Tell me when a sign says STOP', { id: 'stop' });
    await play(watching, '....ssss');
    expect(eventsOf(watching, 'response.done')).toMatchObject([
      { videoTime: 2, questionId: 'stop', text: 'On the left it says "STOP".' },
    ]);
    expect(eventsOf(watching, 'response.done')[0]?.confidence).toBeGreaterThan(0.9);
  });

  test('that stand are told of each text once, and not of what was there before', async () => {
    await using watching = await session({}, { repeatAfter: 0 });
    watching.addUserText('Tell me when text appears', { videoTime: 2 });
    await play(watching, 'ssssssssss');
    expect(said(watching)).toEqual([]);
    await play(watching, '..ssss');
    expect(said(watching)).toEqual([[1, 'On the left it says "STOP"; on the right it says "Gate 42".']]);
  });

  test('that are removed are answered no more', async () => {
    await using watching = await session();
    await watching.addQuestion('Tell me when a sign says STOP', { id: 'stop' });
    await play(watching, '....');
    await watching.removeQuestion('stop');
    await play(watching, 'ssss');
    expect(said(watching)).toEqual([]);
  });

  test('are answered while the video stands still', async () => {
    await using watching = await session();
    await play(watching, 'ssss');
    watching.addUserText('What is written on the left?');
    await watching.lookAgain();
    expect(said(watching)).toEqual([[1.5, 'On the left it says "STOP".']]);
  });
});

describe('reading beside a video in real time', () => {
  const realtime = { ...fast, realtime: true };

  test('never holds up a frame', async () => {
    const never: TextReader = { read: () => new Promise(() => undefined) };
    await using watching = await session({}, {}, never);
    await play(watching, 'ssssssss', realtime);
    expect(eventsOf(watching, 'frame.scored')).toHaveLength(8);
  });

  test('that fails ends nothing else', async () => {
    const failing: TextReader = { read: () => Promise.reject(new Error('no reader')) };
    await using watching = await session({}, {}, failing);
    watching.addUserText('What does the sign say?');
    await play(watching, 'ssssssss', realtime);
    expect(eventsOf(watching, 'frame.scored')).toHaveLength(8);
    expect(eventsOf(watching, 'source.ended')).toHaveLength(1);
    expect(said(watching).map(([, text]) => text)).toEqual(['I cannot read in this video.']);
  });
});
