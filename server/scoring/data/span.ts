import { z } from 'zod';

/** A stretch of time, both ends in seconds on the media clock. */
export type Span = readonly [start: number, end: number];

/** Schema of a span as annotation files write it: `[start, end]`. Reversed spans pass; scorers count them. */
export const spanSchema = z.tuple([z.number(), z.number()], { error: 'expected two numbers [start, end]' });

/** Whether a time lies in a span, both ends included. A reversed span contains nothing. */
export function spanHolds(span: Span, time: number): boolean {
  return span[0] <= time && time <= span[1];
}

/** The middle of a span, in seconds. */
export function middleOf([start, end]: Span): number {
  return (start + end) / 2;
}

/** Whether a span ends before it starts. */
export function isReversed(span: Span): boolean {
  return span[0] > span[1];
}
