import { defaultPrompt } from '../../server/runtime/capabilities.js';
import type { DuetModel } from '../../server/runtime/model.js';
import type { SessionSettings } from '../../server/settings/session-settings.js';
import type { Picture } from '../../server/video/frame.js';
import { eventsOf } from '../support/duet-session.js';
import { FakeStream } from '../support/fake-stream.js';
import { frameAt, openSoakSession, repeated } from './nano-stream.js';
import { withTimedEvictions } from './timed-evictions.js';

/**
 * Plays `frames` frames, the pictures over and over, through one session as quickly as it goes, and measures
 * it block by block. After each block, when the session stands still, the same few frames are scored in
 * another context that never changes: what they cost says how fast the machine is just then.
 */
export async function playEndlessly(
  model: DuetModel,
  pictures: readonly Picture[],
  { frames, block, overrides, onBlock = () => undefined }: EndlessPlan,
): Promise<EndlessRun> {
  const evictions: number[] = [];
  await using session = await openSoakSession(withTimedEvictions(model, evictions), overrides);
  await using control = await controlOf(model, pictures);
  session.addUserText('What is happening?');
  const blocks: Block[] = [];
  let counted = 0;
  async function* stream() {
    for (let index = 0; index < frames; index += block) {
      const last = Math.min(frames, index + block) - 1;
      const began = process.cpuUsage();
      for (let frame = index; frame <= last; frame++) yield frameAt(frame, repeated(pictures, frame));
      while (session.videoTime < last / 2 && !session.isSourcePaused) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      const cpuMs = milliseconds(process.cpuUsage(began)) / (last - index + 1);
      const { tokens, bytes } = session.held;
      const machine = { controlMs: await control.cpuMs(), residentBytes: process.memoryUsage.rss() };
      const evictionMs = Math.max(0, ...evictions.slice(counted));
      counted = evictions.length;
      const done = { frames: last + 1, cpuMs, evictionMs, tokens, bytes: bytes ?? 0, ...machine };
      blocks.push(done);
      onBlock(done);
    }
  }
  const viewing = { source: 'soak', samplingFps: 2, realtime: false };
  await session.watch(new FakeStream(stream()), viewing);
  return { blocks, evictions, failures: eventsOf(session, 'source.failed').map(({ message }) => message) };
}

/** What is played. */
interface EndlessPlan {
  readonly frames: number;
  /** Frames between two measurements; whole rounds of the pictures are best. */
  readonly block: number;
  readonly overrides?: Partial<SessionSettings>;
  readonly onBlock?: (block: Block) => void;
}

/** What one block of frames took. */
export interface Block {
  /** Frames played since the beginning. */
  readonly frames: number;
  /** CPU time of the process for each frame, replies and evictions included. */
  readonly cpuMs: number;
  /** CPU time of the longest eviction. */
  readonly evictionMs: number;
  /** CPU time of each frame in the context that never changes, just after. */
  readonly controlMs: number;
  readonly tokens: number;
  readonly bytes: number;
  readonly residentBytes: number;
}

/** What came of a run. */
export interface EndlessRun {
  readonly blocks: readonly Block[];
  /** Milliseconds of each eviction. */
  readonly evictions: readonly number[];
  readonly failures: readonly string[];
}

const controlFrames = 24;

async function controlOf(model: DuetModel, pictures: readonly Picture[]) {
  const context = await model.openContext(defaultPrompt(model.capabilities));
  let mark = context.start;
  for (let frame = 0; frame < 120; frame++) {
    mark = (await context.appendFrames([repeated(pictures, frame)])).at(-1)?.mark ?? mark;
  }
  return {
    cpuMs: async () => {
      const began = process.cpuUsage();
      for (let frame = 0; frame < controlFrames; frame++) {
        await context.appendFrames([repeated(pictures, frame)]);
        await context.cutBackTo(mark);
      }
      return milliseconds(process.cpuUsage(began)) / controlFrames;
    },
    [Symbol.asyncDispose]: () => context[Symbol.asyncDispose](),
  };
}

function milliseconds({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1000;
}
