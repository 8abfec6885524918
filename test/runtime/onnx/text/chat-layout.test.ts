import { describe, expect, test } from 'vitest';
import {
  layOut,
  owedByReply,
  turnAfterRemovedReply,
} from '../../../../server/runtime/onnx/text/chat-layout.js';
import type { LayoutEvent, Piece, ChatTurn } from '../../../../server/runtime/onnx/text/chat-layout.js';

type Layout = 'trained' | 'reference';
type Step = LayoutEvent | { type: 'kept'; text: string } | { type: 'removed' };

// What a reply owes is its end token here.
const shown = { start: 'S', end: 'E', owed: 'E' } as const;

function show(pieces: readonly Piece[]): string {
  return pieces.map((piece) => (piece.type === 'text' ? piece.text : shown[piece.type])).join('');
}

function appended(layout: Layout, turn: ChatTurn, event: LayoutEvent): string {
  return show(layOut({ systemPrompt: 'Watch.', promptLayout: layout }, turn, event).pieces);
}

/**
 * The whole context after `steps`, frames shown as #. A removed reply leaves nothing but its effect on the
 * turn.
 */
function play(layout: Layout, steps: readonly Step[]): string {
  let turn: ChatTurn = 'empty';
  let context = '';
  const options = { systemPrompt: 'Watch.', promptLayout: layout };
  for (const step of [{ type: 'open' } as const, ...steps]) {
    if (step.type === 'removed') {
      turn = turnAfterRemovedReply(layout, turn);
      continue;
    }
    const next = layOut(options, turn, step.type === 'kept' ? { type: 'reply' } : step);
    turn = next.turn;
    const back = show(next.takesBack);
    expect(context.endsWith(back)).toBe(true);
    context = context.slice(0, context.length - back.length) + show(next.pieces);
    if (step.type === 'frames') context += '#';
    if (step.type === 'kept') context += step.text;
  }
  return context;
}

const frame = { type: 'frames' } as const;
const removed = { type: 'removed' } as const;
const user = (text: string) => ({ type: 'user', text }) as const;
const kept = (text: string) => ({ type: 'kept', text }) as const;

describe('each event appends what the table of the trained layout says', () => {
  test.each<[string, ChatTurn, LayoutEvent, string]>([
    ['the start', 'empty', { type: 'open' }, 'Ssystem\nWatch.E'],
    ['the first frame after the system turn', 'system', frame, '\nSstream\n'],
    ['a user text while the stream turn is open', 'stream', user('Hi'), 'E\nSuser\nHiE\nSstream\n'],
    ['a user text when no stream turn is open', 'system', user('Hi'), '\nSuser\nHiE\nSstream\n'],
    ['a user text after a kept reply', 'assistant', user('Hi'), 'E\nSuser\nHiE\nSstream\n'],
    ['the next frame while the stream turn is open', 'stream', frame, ''],
    ['the assistant taking the turn', 'stream', { type: 'reply' }, 'E\nSassistant\n'],
    ['the assistant taking the turn before any frame', 'system', { type: 'reply' }, '\nSassistant\n'],
    ['the assistant taking the turn again', 'assistant', { type: 'reply' }, 'E\nSassistant\n'],
    ['the next frame after a kept reply', 'assistant', frame, 'E\nSstream\n'],
    ['the first frame of a context cut back to nothing', 'empty', frame, 'Ssystem\nWatch.E\nSstream\n'],
  ])('%s', (_, turn, event, expected) => {
    expect(appended('trained', turn, event)).toBe(expected);
  });
});

describe('each event appends what the reference appends', () => {
  test.each<[string, ChatTurn, LayoutEvent, string]>([
    ['nothing at the start', 'empty', { type: 'open' }, ''],
    [
      'departure (a): a question at time 0 comes without a system prompt',
      'empty',
      user('Hi'),
      '\nSuser\nHiE\nSstream\n',
    ],
    [
      'departure (b): the first frame without a question lacks the stream opening',
      'empty',
      frame,
      'Ssystem\nWatch.E',
    ],
    [
      'departure (c): a user text after a kept reply loses the end token',
      'assistant',
      user('Hi'),
      '\nSuser\nHiE\nSstream\n',
    ],
    [
      'departure (c): a user text after a removed reply loses it too',
      'user',
      user('Hi'),
      '\nSuser\nHiE\nSstream\n',
    ],
    ['a user text while the stream turn is open', 'stream', user('Hi'), 'E\nSuser\nHiE\nSstream\n'],
    ['the next frame after a user text', 'user', frame, ''],
    ['the next frame while the stream turn is open', 'stream', frame, ''],
    ['the assistant taking the turn', 'stream', { type: 'reply' }, 'E\nSassistant\n'],
    ['the next frame after a kept reply', 'assistant', frame, 'E\nSstream\n'],
  ])('%s', (_, turn, event, expected) => {
    expect(appended('reference', turn, event)).toBe(expected);
  });
});

describe('whole conversations', () => {
  test.each<[string, Layout, readonly Step[], string]>([
    [
      'trained: a question, frames, a kept reply, a frame',
      'trained',
      [user('What?'), frame, frame, kept('A dog.'), frame],
      'Ssystem\nWatch.E\nSuser\nWhat?E\nSstream\n##E\nSassistant\nA dog.E\nSstream\n#',
    ],
    [
      'trained: texts at one moment follow each other, without an empty stream turn between them',
      'trained',
      [frame, user('One'), user('Two'), user('Three'), frame],
      'Ssystem\nWatch.E\nSstream\n#E\nSuser\nOneE\nSuser\nTwoE\nSuser\nThreeE\nSstream\n#',
    ],
    [
      'trained: texts before the first frame do so too, and after a kept reply',
      'trained',
      [user('One'), user('Two'), frame, kept('A dog.'), user('Three'), user('Four'), frame],
      'Ssystem\nWatch.E\nSuser\nOneE\nSuser\nTwoE\nSstream\n#E\n' +
        'Sassistant\nA dog.E\nSuser\nThreeE\nSuser\nFourE\nSstream\n#',
    ],
    [
      'reference: texts at one moment are inserted as its code does',
      'reference',
      [frame, user('One'), user('Two'), frame],
      'Ssystem\nWatch.E#E\nSuser\nOneE\nSstream\n\nSuser\nTwoE\nSstream\n#',
    ],
    [
      'trained: a removed reply leaves no trace',
      'trained',
      [frame, removed, frame, removed, user('Hi'), frame],
      'Ssystem\nWatch.E\nSstream\n##E\nSuser\nHiE\nSstream\n#',
    ],
    [
      'trained: a user text after a kept reply closes it',
      'trained',
      [frame, kept('A dog.'), user('And now?'), frame, kept('A cat.'), frame],
      'Ssystem\nWatch.E\nSstream\n#E\n' +
        'Sassistant\nA dog.E\nSuser\nAnd now?E\nSstream\n#E\nSassistant\nA cat.E\nSstream\n#',
    ],
    [
      'reference: a question at time 0, a removed reply, a second question',
      'reference',
      [user('What?'), frame, removed, frame, removed, user('And now?'), frame],
      '\nSuser\nWhat?E\nSstream\n##\nSuser\nAnd now?E\nSstream\n#',
    ],
    [
      'reference: no question, a kept reply, then a question',
      'reference',
      [frame, frame, kept('A dog.'), user('And now?'), frame, frame, kept('A cat.'), frame],
      'Ssystem\nWatch.E##E\n' +
        'Sassistant\nA dog.\nSuser\nAnd now?E\nSstream\n##E\nSassistant\nA cat.E\nSstream\n#',
    ],
  ])('%s', (_, layout, steps, expected) => {
    expect(play(layout, steps)).toBe(expected);
  });
});

test.each<[string, Layout, number | null, readonly number[]]>([
  ['trained: a completed reply owes its end token', 'trained', 2, [2]],
  ['trained: a reply cut off owes its last token and the end token', 'trained', 77, [77, 2]],
  ['trained: a reply with an unknown last token owes the end token', 'trained', null, [2]],
  ['reference: a completed reply owes its end token', 'reference', 2, [2]],
  ['reference: a reply cut off owes its last token only', 'reference', 77, [77]],
])('%s', (_, layout, last, expected) => {
  expect(owedByReply(layout, last, 2)).toEqual(expected);
});
