import { DuetError } from '../../errors.js';
import type { ContextCapacity } from '../../runtime/capabilities.js';

/**
 * Shares out a context so that a fresh one always has room for frames and a reply, whatever was said before.
 */
export function contextBudget(limited: ContextCapacity | null): ContextBudget {
  const capacity = limited ?? boundless;
  const quarter = Math.floor(capacity.total / 4);
  return {
    capacity,
    systemPrompt: quarter,
    standing: Math.floor(capacity.total / 2),
    reply: quarter,
    frames: Math.max(1, Math.floor(quarter / capacity.frame)),
  };
}

/** How a model's context is shared out, in the unit of its capacity. */
export interface ContextBudget {
  readonly capacity: ContextCapacity;
  /** Most that the system prompt takes: a quarter. */
  readonly systemPrompt: number;
  /** Most that a context begins with, the system prompt and the user texts told again: a half. */
  readonly standing: number;
  /** Most that is kept free for one reply: a quarter. */
  readonly reply: number;
  /** Most frames appended in one call: what fits into a quarter, at least one. */
  readonly frames: number;
}

/** The capacity of a context that never fills up. */
const boundless: ContextCapacity = {
  ...{ unit: '', total: Infinity, frame: 0, markup: 0, textByte: 0, replyToken: 0 },
};

/** Throws 'context_full' for a system prompt that takes more than a session of this model may begin with. */
export function requireShortPrompt(size: number, { capacity, systemPrompt }: ContextBudget): void {
  if (size <= systemPrompt) return;
  throw new DuetError(
    'context_full',
    `The system prompt has ${size} ${capacity.unit}, but this model takes at most ${systemPrompt}, ` +
      `a quarter of its context of ${capacity.total}: shorten it`,
  );
}

/** Most that one user text takes beside a system prompt of `promptSize`. */
export function mostOfText(promptSize: number, { capacity, standing }: ContextBudget): number {
  return standing - promptSize - 2 * capacity.markup;
}

/** Throws 'context_full' for a user text that does not fit beside the system prompt. */
export function requireShortText(size: number, promptSize: number, budget: ContextBudget): void {
  const most = mostOfText(promptSize, budget);
  if (size <= most) return;
  const { unit, total } = budget.capacity;
  throw new DuetError(
    'context_full',
    `The text has ${size} ${unit}, but one text may have at most ${most} here ` +
      `(half of the model's context of ${total}, less the system prompt; ` +
      'the rest is for frames and replies): shorten it',
  );
}
