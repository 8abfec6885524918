import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';

/** The Python that has torch and transformers. */
const python = process.env['DUET_BENCH_PYTHON'] ?? 'python3';

/** How a rival computes: with transformers' classes or written by hand, and in which numbers. */
export const rivalKinds = [
  { kind: 'transformers', dtype: 'fp32' },
  { kind: 'handwritten', dtype: 'fp32' },
  { kind: 'handwritten', dtype: 'bf16' },
] as const;

type RivalKind = (typeof rivalKinds)[number];

/** A checkpoint in PyTorch, in a process of its own that stays and does one thing after the other. */
export class PythonRival implements AsyncDisposable {
  readonly name: string;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #lines: AsyncIterator<string>;
  #complaint = '';

  private constructor({ kind, dtype }: RivalKind, checkpoint: string, threads: number) {
    this.name = `${kind} ${dtype}`;
    const count = String(threads);
    this.#child = spawn(python, [script, kind, dtype, count, checkpoint], {
      stdio: ['pipe', 'pipe', 'pipe'],
      // Some of PyTorch's libraries read these, and would otherwise take all processors.
      env: { ...process.env, OMP_NUM_THREADS: count, MKL_NUM_THREADS: count },
    });
    this.#child.stderr.on('data', (text: Buffer) => {
      this.#complaint = (this.#complaint + text.toString()).slice(-2000);
    });
    // What went wrong is told by the answer that does not come.
    this.#child.on('error', ({ message }) => (this.#complaint = message));
    this.#child.stdin.on('error', () => undefined);
    this.#lines = createInterface(this.#child.stdout)[Symbol.asyncIterator]();
  }

  /** Loads the checkpoint; throws with what Python says if that fails. */
  static async start(kind: RivalKind, checkpoint: string, threads: number): Promise<PythonRival> {
    const rival = new PythonRival(kind, checkpoint, threads);
    const ready = readySchema.parse(await rival.#answer());
    if (ready.threads !== threads) throw new Error(`torch took ${ready.threads} threads, not ${threads}`);
    return rival;
  }

  /** Plays raw frames as a session. */
  async play(command: PlayCommand): Promise<Played> {
    return playedSchema.parse(await this.#ask({ do: 'play', ...command }));
  }

  /** Times the parts of a frame behind a context of so many tokens. */
  async parts(context: number, repeats: number): Promise<PartTimes> {
    return partsSchema.parse(await this.#ask({ do: 'parts', context, repeats }));
  }

  /** Times a multiplication of two square matrices. */
  async peak(size: number, repeats: number): Promise<PeakTimes> {
    return peakSchema.parse(await this.#ask({ do: 'peak', size, repeats }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.pid === undefined) return;
    this.#child.kill();
    await once(this.#child, 'close');
  }

  #ask(command: object): Promise<unknown> {
    this.#child.stdin.write(`${JSON.stringify(command)}\n`);
    return this.#answer();
  }

  async #answer(): Promise<unknown> {
    const line = await this.#lines.next();
    if (line.done !== true) return JSON.parse(line.value);
    throw new NoRival(
      `${python} (DUET_BENCH_PYTHON) must have torch and transformers: ${this.#complaint.trim().split('\n').at(-1) ?? ''}`,
    );
  }
}

/** A rival could not be started, or has ended: nothing of ours is wrong. */
export class NoRival extends Error {}

const script = join(import.meta.dirname, 'serve.py');
const readySchema = z.object({ torch: z.string(), transformers: z.string(), threads: z.int() });
const spentSchema = z.object({ wall: z.number(), cpu: z.number() });
const playedSchema = spentSchema.extend({
  scores: z.array(z.number()),
  replies: z.array(z.object({ time: z.number(), text: z.string() })),
});
const samples = z.array(spentSchema);
const partsSchema = z.object({ vision: samples, frame: samples, token: samples });
const peakSchema = z.object({ fp32: samples, bf16: samples });

/** What a session is played with; `frames` is a file of packed RGB pictures of the model's side. */
interface PlayCommand {
  readonly frames: string;
  readonly most: number;
  readonly heads: readonly string[];
  readonly threshold: number;
  readonly cooldown: number;
  readonly fps: number;
}

/** What a session took and gave: the score of each frame, and what was said when. */
export type Played = z.infer<typeof playedSchema>;

/** What the parts of a frame took, each time. */
export type PartTimes = z.infer<typeof partsSchema>;

type PeakTimes = z.infer<typeof peakSchema>;
