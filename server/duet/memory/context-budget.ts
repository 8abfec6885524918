import { DuetError } from '../../errors.js';
import type { ModelDescription } from '../../runtime/folder/manifest.js';

/**
 * Tokens that the markup around one turn takes at most, spelt out byte by byte; less in contexts too small
 * for that much caution.
 */
const mostMarkup = 32;

/** How the positions of a model's context are shared out, in tokens. */
export interface ContextBudget {
  /** All positions. */
  readonly context: number;
  /** What is allowed for the markup around one turn. */
  readonly markup: number;
  /** Most tokens of the system prompt: a quarter. */
  readonly systemPrompt: number;
  /** Most tokens that a context begins with, the system prompt and the user texts told again: a half. */
  readonly standing: number;
  /** Most tokens kept free for one reply: a quarter. */
  readonly reply: number;
  /** Most frames appended in one call: what fits into a quarter, at least one. */
  readonly frames: number;
}

/**
 * Shares out a model's context so that a fresh one always has room for frames and a reply, whatever was said
 * before.
 */
export function contextBudget({ decoder, tokensPerFrame }: ModelDescription): ContextBudget {
  const context = decoder.maxContext;
  const quarter = Math.floor(context / 4);
  return {
    context,
    markup: Math.min(mostMarkup, Math.floor(context / 16)),
    systemPrompt: quarter,
    standing: Math.floor(context / 2),
    reply: quarter,
    frames: Math.max(1, Math.floor(quarter / tokensPerFrame)),
  };
}

/** Throws 'context_full' for a system prompt of more tokens than a session of this model may begin with. */
export function requireShortPrompt(tokens: number, budget: ContextBudget): void {
  if (tokens <= budget.systemPrompt) return;
  throw new DuetError(
    'context_full',
    `The system prompt has ${tokens} tokens, but this model takes at most ${budget.systemPrompt}, ` +
      `a quarter of its context of ${budget.context}: shorten it`,
  );
}

/** Most tokens of one user text beside a system prompt of `promptTokens`. */
export function mostTextTokens(promptTokens: number, budget: ContextBudget): number {
  return budget.standing - promptTokens - 2 * budget.markup;
}

/** Throws 'context_full' for a user text of more tokens than fit beside the system prompt. */
export function requireShortText(tokens: number, promptTokens: number, budget: ContextBudget): void {
  const most = mostTextTokens(promptTokens, budget);
  if (tokens <= most) return;
  throw new DuetError(
    'context_full',
    `The text has ${tokens} tokens, but one text may have at most ${most} here ` +
      `(half of the model's context of ${budget.context}, less the system prompt; ` +
      'the rest is for frames and replies): shorten it',
  );
}
