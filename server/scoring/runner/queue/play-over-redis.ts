import { Queue, QueueEvents, type Job } from 'bullmq';
import { Signal } from '../../../concurrency/signal.js';
import { DuetError } from '../../../errors.js';
import { questionKey } from '../../data/question-id.js';
import type { RunIdentity } from '../runs/journal.js';
import type { QuestionOutcome } from '../../data/played.js';
import type { PlayAll } from '../runs/run.js';
import type { Question } from '../../data/question.js';
import type { PlaySettings } from '../play/settings.js';
import { jobId, jobOf, outcomeSchema, queueName, type BenchJob } from './bench-job.js';
import { connectionTo, type RedisAddress } from './redis.js';

/**
 * Plays questions on workers that take jobs from Redis. Results stay there until they are fetched, so nothing
 * is lost when this process is killed: the same run, started again, fetches what was done meanwhile. When it
 * ends early, jobs that have not started are removed. Throws 'model_failed' if a question failed on every
 * try.
 */
export function playOverRedis(run: SharedRun): PlayAll {
  return async function* (questions, signal) {
    const shared = new SharedJobs(run, questions);
    try {
      await shared.start();
      yield* shared.outcomes(signal);
    } finally {
      await shared.end();
    }
  };
}

/** A run whose questions are played by workers on one or more machines. */
export interface SharedRun {
  readonly redis: RedisAddress;
  readonly modelFingerprint: string;
  readonly identity: RunIdentity;
  readonly settings: PlaySettings;
  /** How often Redis is asked beside its events, in milliseconds; default ten seconds. */
  readonly pollMs?: number;
  /** Hears, once, that no worker is there. */
  readonly onWarning: (message: string) => void;
}

/** How often jobs are checked without an event, in milliseconds: events may be lost when Redis restarts. */
const pollMs = 10_000;
/** Seconds after which Redis drops a result that was not fetched. */
const keepResultsSeconds = 7 * 86_400;
/** A model may fail because one machine is short of memory, so a question is tried twice more. */
const attempts = 3;

class SharedJobs {
  readonly #run: SharedRun;
  readonly #queue: Queue<BenchJob, unknown>;
  readonly #events: QueueEvents;
  readonly #pending: Map<string, Question>;
  readonly #ready = new Set<string>();
  readonly #changed = new Signal();
  #hasWarned = false;

  constructor(run: SharedRun, questions: readonly Question[]) {
    this.#run = run;
    const name = queueName(run.modelFingerprint);
    this.#queue = new Queue(name, { connection: connectionTo(run.redis) });
    this.#events = new QueueEvents(name, { connection: connectionTo(run.redis) });
    this.#pending = new Map(questions.map((question) => [jobId(run.identity, question), question]));
    // The client restores lost connections by itself.
    this.#queue.on('error', () => undefined);
    this.#events.on('error', () => undefined);
  }

  async start(): Promise<void> {
    const done = ({ jobId: id }: { jobId: string }): void => {
      if (this.#pending.has(id)) this.#ready.add(id);
      this.#changed.notify();
    };
    this.#events.on('completed', done);
    this.#events.on('failed', done);
    await this.#events.waitUntilReady();
    await this.#checkAll();
  }

  async *outcomes(signal: AbortSignal): AsyncGenerator<QuestionOutcome> {
    const check = (): Promise<unknown> => Promise.all([this.#checkAll(), this.#warnOfNoWorker()]);
    const timer = setInterval(() => void check().catch(() => undefined), this.#run.pollMs ?? pollMs);
    try {
      while (this.#pending.size > 0) {
        while (this.#ready.size === 0 && !signal.aborted) await this.#changed.wait(signal);
        if (signal.aborted) throw new DuetError('cancelled', 'stopped while workers were playing');
        const [id = ''] = this.#ready;
        const outcome = await this.#fetch(id);
        if (outcome !== null) yield outcome;
      }
    } finally {
      clearInterval(timer);
    }
  }

  async end(): Promise<void> {
    for (const id of this.#pending.keys()) {
      const state = await this.#queue.getJobState(id);
      if (state === 'waiting' || state === 'delayed') await this.#queue.remove(id);
    }
    await Promise.all([this.#events.close(), this.#queue.close()]);
  }

  /** Adds jobs missing from Redis, and marks those that are done. */
  async #checkAll(): Promise<void> {
    for (const [id, question] of [...this.#pending]) {
      const state = await this.#queue.getJobState(id);
      if (state === 'completed' || state === 'failed') this.#ready.add(id);
      else if (state === 'unknown') await this.#add(id, question);
    }
    this.#changed.notify();
  }

  /**
   * Workers with other model files, or another model by default, wait elsewhere: nothing would ever be
   * played.
   */
  async #warnOfNoWorker(): Promise<void> {
    if (this.#hasWarned || (await this.#queue.getWorkersCount()) > 0) return;
    this.#hasWarned = true;
    const { modelFingerprint, onWarning } = this.#run;
    const remedy = 'start duet bench worker with the same --queue, --model and model files';
    onWarning(`no worker waits for questions to this model (${modelFingerprint}): ${remedy}`);
  }

  async #add(id: string, question: Question): Promise<void> {
    await this.#queue.add('question', jobOf(question, this.#run.settings), {
      jobId: id,
      attempts,
      removeOnComplete: { age: keepResultsSeconds },
      removeOnFail: { age: keepResultsSeconds },
    });
  }

  /**
   * The outcome of a finished job, which is then removed from Redis; null if it is not finished after all.
   */
  async #fetch(id: string): Promise<QuestionOutcome | null> {
    this.#ready.delete(id);
    const job: Job<BenchJob, unknown> | undefined = await this.#queue.getJob(id);
    const state = await job?.getState();
    // A failed job may already be running again if it had tries left when the event came.
    if (job === undefined || (state !== 'completed' && state !== 'failed')) return null;
    await job.remove();
    if (state === 'failed') {
      throw new DuetError(
        'model_failed',
        `${String(job.data.question.questionId)} failed ${attempts} times: ${job.failedReason}`,
      );
    }
    const outcome = answerTo(this.#pending.get(id), job.returnvalue);
    this.#pending.delete(id);
    return outcome;
  }
}

/** Checks a worker's answer. Throws 'model_failed' if it does not answer the question. */
function answerTo(question: Question | undefined, answer: unknown): QuestionOutcome {
  const parsed = outcomeSchema.safeParse(answer);
  const outcome = parsed.data;
  const id = outcome?.type === 'played' ? outcome.played.question_id : outcome?.questionId;
  if (outcome !== undefined && question !== undefined && id !== undefined) {
    if (questionKey(id, 'strict') === questionKey(question.questionId, 'strict')) return outcome;
  }
  const asked = String(question?.questionId);
  const remedy = 'run the same version of this program on every machine, then the same command again';
  throw new DuetError('model_failed', `a worker's answer to ${asked} is not one; ${remedy}`);
}
