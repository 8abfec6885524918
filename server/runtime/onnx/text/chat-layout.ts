import type { PromptLayout } from '../../capabilities.js';
import type { ContextOptions } from '../../model.js';

/**
 * The markup that `event` appends to a context standing at `turn`. Pure.
 *
 * Turns mean: `empty` nothing was fed; `system` the last turn is closed and no other is open; `stream` frames
 * may follow directly; `assistant` a kept reply whose last token is not in the context yet; `user` the stream
 * turn is open and still without a frame. The reference stands at `user` after a removed reply too, and does
 * not know there that a turn is open.
 */
export function layOut(options: ContextOptions, turn: ChatTurn, event: LayoutEvent): LayoutStep {
  return options.promptLayout === 'trained'
    ? layOutAsTrained(options.systemPrompt, turn, event)
    : layOutAsReference(options.systemPrompt, turn, event);
}

/** Every {@link ChatTurn}. */
export const chatTurns = ['empty', 'system', 'user', 'stream', 'assistant'] as const;

/** Where in the chat markup a context stands. */
export type ChatTurn = (typeof chatTurns)[number];

/**
 * A stretch of markup or text: the two special tokens, text to be encoded as ordinary text in one go, or what
 * a kept reply still owes to the context (see {@link owedByReply}).
 */
export type Piece =
  | { readonly type: 'start' }
  | { readonly type: 'end' }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'owed' };

/** What happens to a context. */
export type LayoutEvent =
  | { readonly type: 'open' }
  | { readonly type: 'frames' }
  | { readonly type: 'user'; readonly text: string }
  | { readonly type: 'reply' };

/**
 * The markup an event appends (before the frames' own tokens, before the generated tokens) and where the
 * context stands after it.
 */
interface LayoutStep {
  /** Markup at the end of the context that goes before anything is appended. */
  readonly takesBack: readonly Piece[];
  readonly pieces: readonly Piece[];
  readonly turn: ChatTurn;
}

const start: Piece = { type: 'start' };
const end: Piece = { type: 'end' };
const owed: Piece = { type: 'owed' };
const newline: Piece = { type: 'text', text: '\n' };
const openStream: readonly Piece[] = [newline, start, { type: 'text', text: 'stream\n' }];
const openAssistant: readonly Piece[] = [newline, start, { type: 'text', text: 'assistant\n' }];

/** Where a context stands after a removed reply that was begun at `before`. */
export function turnAfterRemovedReply(layout: PromptLayout, before: ChatTurn): ChatTurn {
  return layout === 'reference' ? 'user' : before;
}

/**
 * The tokens that a kept reply owes to the context, when `last` is the last token generated for it, the end
 * token included (null: nothing is known of it). It ends with `end`, except that the reference does not close
 * a reply that was cut off by its length.
 */
export function owedByReply(layout: PromptLayout, last: number | null, end: number): readonly number[] {
  if (last === null || last === end) return [end];
  return layout === 'reference' ? [last] : [last, end];
}

/**
 * Each turn is closed by the end token, the system turn comes first, and a stream turn is open whenever
 * frames may follow.
 */
function layOutAsTrained(systemPrompt: string, turn: ChatTurn, event: LayoutEvent): LayoutStep {
  const closing = closeAsTrained(systemPrompt, turn);
  const streamIsOpen = turn === 'stream' || turn === 'user';
  switch (event.type) {
    case 'open':
      return step(system(systemPrompt), 'system');
    case 'frames':
      return step(streamIsOpen ? [] : [...closing, ...openStream], 'stream');
    case 'user':
      // Training has no stream turn without a frame, so a second text takes the one back that the first has
      // opened.
      return turn === 'user'
        ? { ...step([...user(event.text), ...openStream], 'user'), takesBack: openStream }
        : step([...closing, ...user(event.text), ...openStream], 'user');
    case 'reply':
      return step([...closing, ...openAssistant], 'assistant');
    default:
      return event satisfies never;
  }
}

function closeAsTrained(systemPrompt: string, turn: ChatTurn): readonly Piece[] {
  switch (turn) {
    case 'empty':
      return system(systemPrompt);
    case 'system':
      return [];
    case 'assistant':
      return [owed];
    case 'user':
    case 'stream':
      return [end];
    default:
      return turn satisfies never;
  }
}

/** As MMDuet's inference code does it, with its departures from its own training layout. */
function layOutAsReference(systemPrompt: string, turn: ChatTurn, event: LayoutEvent): LayoutStep {
  switch (event.type) {
    case 'open':
      // The system turn waits for a first frame; a question at time 0 comes before it, and then it is never
      // fed.
      return step([], 'empty');
    case 'frames':
      if (turn === 'empty') return step(system(systemPrompt), 'stream');
      return step(turn === 'assistant' ? [owed, ...openStream] : [], 'stream');
    case 'user':
      return step([...(turn === 'stream' ? [end] : []), ...user(event.text), ...openStream], 'user');
    case 'reply':
      return step([end, ...openAssistant], 'assistant');
    default:
      return event satisfies never;
  }
}

function step(pieces: readonly Piece[], turn: ChatTurn): LayoutStep {
  return { takesBack: [], pieces, turn };
}

function system(prompt: string): readonly Piece[] {
  return [start, { type: 'text', text: `system\n${prompt}` }, end];
}

function user(text: string): readonly Piece[] {
  return [newline, start, { type: 'text', text: `user\n${text}` }, end];
}
