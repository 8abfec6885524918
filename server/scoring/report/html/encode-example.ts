import { encodeFrames } from './encode-frames.js';
import type { ExampleTimeline, TimelineReply } from './example-timeline.js';
import type { PageExample, PageReply } from './page-data.js';

/** Brings an example into the form a page keeps it in; without frames where the page has no more room for them. */
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
