import { expect, test } from 'vitest';
import { HeldTurns } from '../../../../server/runtime/onnx/context/held-turns.js';
import type { Piece } from '../../../../server/runtime/onnx/text/chat-layout.js';
import { turnParts } from '../../../../server/runtime/onnx/text/turn-parts.js';

const text = (content: string): Piece => ({ type: 'text', text: content });
const newline = text('\n');
const rowsOf = (piece: Piece) => (piece.type === 'text' ? piece.text.length : 1);
const start = { type: 'start' } as const;
const end = { type: 'end' } as const;
const frame = { kind: 'content', begins: false, rows: 4 } as const;

test('pieces belong to the turn before until a new one begins', () => {
  const pieces = [end, newline, start, text('user\nHi'), end, newline, start, text('stream\n')];
  expect(turnParts(pieces, rowsOf)).toEqual([
    { kind: 'closing', begins: false, rows: 1 },
    { kind: 'content', begins: true, rows: 10 },
    { kind: 'opening', begins: true, rows: 9 },
  ]);
  expect(turnParts([start, text('system\nWatch'), end], rowsOf)).toEqual([
    { kind: 'prompt', begins: true, rows: 14 },
  ]);
  expect(turnParts([], rowsOf)).toEqual([]);
});

/** A prompt of 10, a stream of 3 frames, a text of 6, and a stream of 2 frames: 10, 2 + 12 + 1, 6, 2 + 8. */
function conversation(): HeldTurns {
  const held = new HeldTurns();
  held.append([{ kind: 'prompt', begins: true, rows: 10 }]);
  held.append([{ kind: 'opening', begins: true, rows: 2 }, frame, frame, frame]);
  held.append([
    { kind: 'closing', begins: false, rows: 1 },
    { kind: 'content', begins: true, rows: 6 },
    { kind: 'opening', begins: true, rows: 2 },
  ]);
  held.append([frame, frame]);
  return held;
}

test('frames go whole, and their markup stays while the turn has others', () => {
  const held = conversation();
  expect(held.end).toBe(41);
  // From the middle of the first frame to the middle of the third only the second is inside.
  expect(held.evict(13, 23)).toEqual([{ from: 16, to: 20 }]);
  expect(held.evict(10, 24)).toEqual([{ from: 10, to: 21 }]);
});

test('a turn without contents goes with its markup, but not the last one nor the prompt', () => {
  const held = conversation();
  expect(held.evict(0, 41)).toEqual([
    { from: 10, to: 31 },
    { from: 33, to: 41 },
  ]);
  expect(held.end).toBe(41);
  held.append([frame]);
  expect(held.evict(41, 45)).toEqual([{ from: 12, to: 16 }]);
});

test('places stay, and lead back to the rows that are left', () => {
  const held = conversation();
  held.evict(10, 24);
  expect(() => held.cutBackTo(16)).toThrow('no longer in the context');
  expect(() => held.cutBackTo(99)).toThrow('no longer in the context');
  expect(held.cutBackTo(37)).toBe(10 + 6 + 2 + 4);
  held.append([frame]);
  expect(held.end).toBe(41);
  expect(held.cutBackTo(10)).toBe(10);
  expect(held.cutBackTo(0)).toBe(0);
});
