import { DuetError } from '../../errors.js';
import type { ContextCapacity } from '../../runtime/capabilities.js';

/**
 * Divides a context's capacity so that there is always room for frames and a reply, whatever was said before.
 * `sink` is the most that the settings allow for what stays.
 */
export function contextBudget(limited: ContextCapacity | null, sink = Infinity): ContextBudget {
  const capacity = limited ?? boundless;
  const quarter = Math.floor(capacity.total / 4);
  return {
    capacity,
    systemPrompt: Math.min(sink, quarter),
    standing: Math.min(sink, Math.floor(capacity.total / 2)),
    reply: quarter,
    frames: Math.max(1, Math.floor(quarter / capacity.frame)),
  };
}

/** How a model's context is divided, in the unit of its capacity. */
export interface ContextBudget {
  readonly capacity: ContextCapacity;
  /** Most for the system prompt: a quarter, or the sink. */
  readonly systemPrompt: number;
  /** Most for what stays, system prompt and user texts together: a half, or the sink. */
  readonly standing: number;
  /** Most kept free for one reply: a quarter. */
  readonly reply: number;
  /** Most frames per call: as many as fit into a quarter, at least one. */
  readonly frames: number;
}

/** The capacity of a context that never fills up. */
const boundless: ContextCapacity = {
  ...{ unit: '', total: Infinity, frame: 0, markup: 0, textByte: 0, replyToken: 0 },
};

/**
 * The budget for a text that was accepted and is now inserted: others that were accepted meanwhile may have
 * taken its place, so a quarter of the context more is granted before it is refused.
 */
export function insertionBudget(budget: ContextBudget): ContextBudget {
  return { ...budget, standing: budget.standing + Math.floor(budget.capacity.total / 4) };
}

/** Throws 'context_full' if the system prompt is too long for this model. */
export function requireShortPrompt(size: number, { capacity, systemPrompt }: ContextBudget): void {
  if (size <= systemPrompt) return;
  throw new DuetError(
    'context_full',
    `The system prompt has ${size} ${capacity.unit}, but at most ${systemPrompt} are possible here ` +
      `(the sink, or a quarter of the model's context of ${capacity.total}): shorten it`,
  );
}

/** Largest size of one user text next to a system prompt of `promptSize`. */
export function mostOfText(promptSize: number, { capacity, standing }: ContextBudget): number {
  return standing - promptSize - 2 * capacity.markup;
}

/**
 * Throws 'context_full' if a user text does not fit next to the system prompt, and next to standing texts of
 * size `taken`.
 */
export function requireShortText(size: number, promptSize: number, budget: ContextBudget, taken = 0): void {
  const most = mostOfText(promptSize + taken, budget);
  if (size <= most) return;
  const { unit } = budget.capacity;
  const share = shareText(budget);
  const beside = taken === 0 ? '' : ` and ${taken} of standing questions`;
  throw new DuetError(
    'context_full',
    `The text has ${size} ${unit}, but one text may have at most ${Math.max(0, most)} here ` +
      `(${share}, less the system prompt${beside}; ` +
      `the rest is for frames and replies): shorten it${taken === 0 ? '' : ' or remove a question'}`,
  );
}

function shareText({ standing, capacity: { total } }: ContextBudget): string {
  const half = Math.floor(total / 2);
  if (standing < half) return `${standing} of the sink`;
  return `${standing === half ? 'half' : 'three quarters'} of the model's context of ${total}`;
}
