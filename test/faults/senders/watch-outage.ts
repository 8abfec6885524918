import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';

import { connectDuet } from '../../../client/sdk/connect-duet.js';
import type { DuetClient } from '../../../client/sdk/duet-client.js';
import type { ServerMessage } from '../../../server/protocol/server-messages.js';
import type { Sender } from './sender.js';

/** Watches a sender that goes away once, and reports what its session heard of it. */
export async function watchOutage(
  serverUrl: string,
  sender: Sender,
  { outageSeconds, aroundSeconds }: OutagePlan,
): Promise<OutageReport> {
  const isPushed = sender.source.type === 'ingest';
  if (!isPushed) await sender.start(null);
  const duet = connectDuet(`${serverUrl.replace('http', 'ws')}/v1/duet`, { webSocket: WebSocket });
  try {
    const { session_id: sessionId } = await duet.open({
      settings: { policy: { type: 'never' }, fps: sessionFps },
    });
    const heard = new Heard(duet);
    duet.startSource(sender.source);
    if (isPushed) await heard.until('source.waiting');
    const place = heard.messages.find((message) => message.type === 'source.waiting') ?? null;
    const asked = performance.now();
    if (isPushed) await sender.start(place);
    await heard.until('frame.scored');
    const firstFrameMs = performance.now() - asked;
    await sleep(aroundSeconds * 1000);
    await sender.kill();
    await sleep(outageSeconds * 1000);
    await sender.start(place);
    const back = performance.now();
    // A hiccup that is bridged is told by no event: frames just come again.
    await heard.until('source.reopened', 'frame.scored');
    const backAfterMs = performance.now() - back;
    await sleep(aroundSeconds * 1000);
    duet.stopSource();
    await heard.until('source.ended');
    const sameSession = duet.sessionId === sessionId;
    return { ...reportOf(heard.messages), outageSeconds, firstFrameMs, backAfterMs, sameSession };
  } finally {
    await duet.close();
    await sender.kill();
    await sender.close();
  }
}

/** How long a sender is away, and how long it is watched before and after. */
export interface OutagePlan {
  readonly outageSeconds: number;
  readonly aroundSeconds: number;
}

/** What one outage did to a session. */
export interface OutageReport {
  readonly outageSeconds: number;
  /** From `source.start`, or from when a sender begins to push, to the first scored frame. */
  readonly firstFrameMs: number;
  /** From the sender's return to `source.reopened`, or to the next frame where nothing was told. */
  readonly backAfterMs: number;
  /** Seconds without a picture, as told; 0 where none are missing. */
  readonly gapSeconds: number;
  readonly frames: number;
  /** Ticks of the clock without a frame, and those of them that lie outside the gap. */
  readonly missedTicks: number;
  readonly missedOutsideGap: number;
  readonly sameSession: boolean;
  /** Whether the times of the frames only ever went forward. */
  readonly timeGoesOn: boolean;
  /** How many events of each type told of the source. */
  readonly events: Readonly<Record<string, number>>;
}

/** Frames a second of the sessions. */
export const sessionFps = 2;

/** What a session has heard. */
export class Heard {
  readonly messages: ServerMessage[] = [];
  #wake: () => void = () => undefined;

  constructor(duet: DuetClient) {
    void this.#listen(duet);
  }

  /** Resolves at the next message of one of the types; rejects after two minutes. */
  async until(...types: readonly ServerMessage['type'][]): Promise<void> {
    const signal = AbortSignal.timeout(120_000);
    for (let at = this.messages.length; ; at += 1) {
      while (at >= this.messages.length) {
        await new Promise<void>((resolve, reject) => {
          this.#wake = resolve;
          signal.addEventListener('abort', () => {
            reject(
              new Error(
                `no ${types.join(' or ')} came; the last messages: ${JSON.stringify(this.messages.slice(-3))}`,
              ),
            );
          });
        });
      }
      const message = this.messages[at];
      if (message !== undefined && types.includes(message.type)) return;
      if (message?.type === 'error' || message?.type === 'source.failed') throw new Error(message.message);
    }
  }

  async #listen(duet: DuetClient): Promise<void> {
    for await (const message of duet) {
      this.messages.push(message);
      this.#wake();
    }
  }
}

/** What the messages of a session tell of its source. */
export function reportOf(
  messages: readonly ServerMessage[],
): Omit<OutageReport, 'outageSeconds' | 'firstFrameMs' | 'backAfterMs' | 'sameSession'> {
  const times = messages.flatMap((message) => (message.type === 'frame.scored' ? [message.video_time] : []));
  const gaps = messages.flatMap((message) =>
    message.type === 'source.reopened' ? [message.gap_seconds] : [],
  );
  const events: Record<string, number> = {};
  for (const { type } of messages) if (type.startsWith('source.')) events[type] = (events[type] ?? 0) + 1;
  const steps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  const missed = steps.map((step) => Math.max(0, Math.round(step * sessionFps) - 1));
  const missedTicks = missed.reduce((sum, each) => sum + each, 0);
  return {
    gapSeconds: Math.max(0, ...gaps),
    frames: times.length,
    missedTicks,
    missedOutsideGap: missedTicks - Math.max(0, ...missed),
    timeGoesOn: steps.every((step) => step > 0),
    events,
  };
}
