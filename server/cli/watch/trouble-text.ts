import type { SessionEvent } from '../../duet/record/events.js';
import type { StreamNotice } from '../../video/stream.js';
import { printable } from './terminal-text.js';

/**
 * What stderr says when a live source stalls, is tried again, or is back, when the model refuses a text, and
 * when it does not decide or reply; null for all other events.
 */
export function describeTrouble(event: SessionEvent | StreamNotice): string | null {
  if (event.type === 'user.text.refused') {
    return `the model did not take ${JSON.stringify(printable(event.text))}: ${printable(event.message)}`;
  }
  if (event.type === 'frame.unscored') {
    const { reason, message } = event;
    return message === null ? null : `no scores (${reason}): ${printable(message)}`;
  }
  if (event.type === 'response.done') {
    return event.error === undefined ? null : `no reply: ${printable(event.error.message)}`;
  }
  if (event.type === 'source.stalled') return `no picture for ${seconds(event.silentSeconds)}; waiting`;
  if (event.type === 'source.reopened') return `pictures are back after ${seconds(event.gapSeconds)}`;
  if (event.type !== 'source.reconnecting') return null;
  const { attempt, delayMs, message } = event;
  return `${printable(message)}; connecting again in ${seconds(delayMs / 1000)} (attempt ${attempt})`;
}

function seconds(value: number): string {
  return `${value.toFixed(1)} s`;
}
