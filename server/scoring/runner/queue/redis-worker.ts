import { DelayedError, Worker, type Job } from 'bullmq';
import { DuetError } from '../../../errors.js';
import type { PlayQuestion } from '../play/play-question.js';
import type { PlaySettings } from '../play/settings.js';
import { benchJobSchema, queueName } from './bench-job.js';
import { connectionTo, type RedisAddress } from './redis.js';

/** What a worker needs. */
interface WorkerPlan {
  readonly redis: RedisAddress;
  readonly modelFingerprint: string;
  readonly playerOf: (settings: PlaySettings) => PlayQuestion;
  /** Questions played at once. */
  readonly limit: number;
  /** Called with the id of every finished question. */
  readonly onDone: (questionId: string) => void;
}

/** After this many milliseconds without a sign of life, a question goes to another worker. */
const lockMs = 10_000;
/** How often a question may lose its worker before it counts as failed. */
const mostStalls = 10;

/**
 * Plays questions for runs of other processes until `signal` aborts; then returns unfinished jobs to the
 * queue and resolves. It receives only jobs for the same model.
 */
export async function workAtRedis(plan: WorkerPlan, signal: AbortSignal): Promise<void> {
  const worker = new Worker<unknown, unknown>(
    queueName(plan.modelFingerprint),
    (job, token) => work(plan, job, token, signal),
    {
      connection: connectionTo(plan.redis),
      concurrency: plan.limit,
      lockDuration: lockMs,
      stalledInterval: lockMs,
      maxStalledCount: mostStalls,
    },
  );
  worker.on('error', () => undefined);
  try {
    await worker.waitUntilReady();
    await aborted(signal);
  } finally {
    await worker.close();
  }
}

async function work(
  { playerOf, onDone }: WorkerPlan,
  job: Job<unknown, unknown>,
  token: string | undefined,
  signal: AbortSignal,
): Promise<unknown> {
  const { settings, question } = benchJobSchema.parse(job.data);
  try {
    if (signal.aborted) throw new DuetError('cancelled', 'the worker is stopping');
    const outcome = await playerOf(settings)({ ...question, tags: {} }, signal);
    onDone(String(question.questionId));
    return outcome;
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
    // Back into the queue at once, without counting as a failed try.
    await job.moveToDelayed(Date.now(), token);
    throw new DelayedError();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else
      signal.addEventListener(
        'abort',
        () => {
          resolve();
        },
        { once: true },
      );
  });
}
