import { valueAt } from './value-at.js';

/** A thing that the detector saw in one picture. */
export interface Detection {
  readonly box: Box;
  /** The largest class score. */
  readonly score: number;
  readonly colour: Colour;
  /** Each class's own probability. */
  readonly classes: Float64Array;
}

/** A box in shares of the picture's width and height. */
export interface Box {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** Red, green and blue, each from 0 to 1. */
export type Colour = readonly [red: number, green: number, blue: number];

/** Rows that a detector gives for each picture, numbers in a row, and classes among them. */
export const detectionShape = { rows: 16, numbers: 88, classes: 80 } as const;

/** Numbers that describe the whole picture: a grid of colours, its brightness and its sharpness. */
export const sceneSize = 50;

/** The detections of a picture that are sure enough to be followed, in the order of their rows. */
export function readDetections(rows: ArrayLike<number>): readonly Detection[] {
  const found: Detection[] = [];
  for (let row = 0; row < detectionShape.rows; row++) {
    const at = row * detectionShape.numbers;
    const score = valueAt(rows, at + 4);
    if (score < leastScore) continue;
    found.push({
      box: {
        ...{ x1: valueAt(rows, at), y1: valueAt(rows, at + 1) },
        ...{ x2: valueAt(rows, at + 2), y2: valueAt(rows, at + 3) },
      },
      score,
      colour: [valueAt(rows, at + 5), valueAt(rows, at + 6), valueAt(rows, at + 7)],
      classes: Float64Array.from({ length: detectionShape.classes }, (_, kind) =>
        valueAt(rows, at + 8 + kind),
      ),
    });
  }
  return found;
}

const leastScore = 0.2;

/** Intersection over union. */
export function overlapOf(a: Box, b: Box): number {
  const common = commonArea(a, b);
  return common / Math.max((a.x2 - a.x1) * (a.y2 - a.y1) + (b.x2 - b.x1) * (b.y2 - b.y1) - common, 1e-9);
}

/** The area that two boxes share. */
export function commonArea(a: Box, b: Box): number {
  return (
    Math.max(0, Math.min(a.x2, b.x2) - Math.max(a.x1, b.x1)) *
    Math.max(0, Math.min(a.y2, b.y2) - Math.max(a.y1, b.y1))
  );
}

/** Width times height. */
export function areaOf({ x1, y1, x2, y2 }: Box): number {
  return (x2 - x1) * (y2 - y1);
}

/** The likeliest class, the first of equals. */
export function topClass(classes: Float64Array): number {
  let top = 0;
  for (let kind = 1; kind < classes.length; kind++) {
    if (valueAt(classes, kind) > valueAt(classes, top)) top = kind;
  }
  return top;
}
