import type { PredictedFrame } from '../../data/prediction.js';
import {
  codeAlphabet,
  highestCode,
  missingCode,
  type PageExample,
  type PageFrames,
  type PageReply,
} from './page-data.js';
import type { ExampleTimeline, TimelineReply } from './report-page.js';

/** Packs an example for a page; without frames once the page has reached its limit. */
export function encodeExample(timeline: ExampleTimeline, withFrames: boolean): PageExample {
  const texts = new Map<string, number>();
  const encodeReply = ({ time, content, rating, deliveryTime }: TimelineReply): PageReply => {
    const text = texts.get(content) ?? texts.size;
    texts.set(content, text);
    return [time >= 0 ? time : null, text, rating, deliveryTime];
  };
  const replies = timeline.replies.map(encodeReply);
  return {
    id: timeline.id,
    video: timeline.video,
    duration: timeline.duration,
    value: timeline.value,
    tags: timeline.tags,
    questions: timeline.conversation.map(({ time, content }) => [time, content]),
    gold: timeline.gold.map(({ span, content }) => [span[0], span[1], content]),
    texts: [...texts.keys()],
    replies,
    frames: withFrames ? encodeFrames(timeline.frames) : null,
    nFrames: timeline.frames.length,
  };
}

/** Deviation in seconds up to which times count as regular; files hold times rounded to milliseconds. */
const regularWithin = 0.0011;

/**
 * Packs the scores of frames into two characters each: 12 bits between the lowest and the highest score,
 * which are 0 and 1 unless a score lies beyond. Frames without a finite time are left out. Null for none.
 */
export function encodeFrames(frames: readonly PredictedFrame[]): PageFrames | null {
  const timed = frames.filter((frame) => Number.isFinite(frame.time));
  if (timed.length === 0) return null;
  const { low, high } = rangeOf(timed);
  const code = (score: number | null): string => {
    if (score === null || !Number.isFinite(score)) return digits(missingCode);
    return digits(Math.round(((score - low) / (high - low)) * highestCode));
  };
  return {
    times: encodeTimes(timed.map((frame) => frame.time)),
    count: timed.length,
    low,
    high,
    informative: timed.map((frame) => code(frame.informative)).join(''),
    relevance: timed.map((frame) => code(frame.relevance)).join(''),
  };
}

function rangeOf(frames: readonly PredictedFrame[]): { low: number; high: number } {
  let low = 0;
  let high = 1;
  for (const { informative, relevance } of frames) {
    for (const score of [informative, relevance]) {
      if (score === null || !Number.isFinite(score)) continue;
      low = Math.min(low, score);
      high = Math.max(high, score);
    }
  }
  return { low, high };
}

function encodeTimes(times: readonly number[]): PageFrames['times'] {
  const start = times[0] ?? 0;
  const step = times.length < 2 ? 0 : ((times.at(-1) ?? start) - start) / (times.length - 1);
  if (times.every((time, index) => Math.abs(time - (start + index * step)) <= regularWithin)) {
    return { start, step };
  }
  const milliseconds = times.map((time) => Math.round(time * 1000));
  return milliseconds.map((time, index) => time - (milliseconds[index - 1] ?? 0));
}

function digits(code: number): string {
  return (codeAlphabet[code >> 6] ?? '') + (codeAlphabet[code & 63] ?? '');
}
