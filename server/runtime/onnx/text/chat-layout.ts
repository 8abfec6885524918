import type { PromptLayout } from '../../capabilities.js';
import type { ContextOptions } from '../../model.js';

/**
 * The markup that `event` appends to a context in state `turn`. Pure.
 *
 * States: `empty` nothing was fed; `system` the last turn is closed and none is open; `stream` frames may
 * follow directly; `assistant` a kept reply whose last token is not in the context yet; `user` the stream
 * turn is open but has no frame yet. In the reference layout a removed reply also leads to `user`, whether or
 * not a turn is open.
 */
export const layOut: LayOut = (options, turn, event) =>
  options.promptLayout === 'trained'
    ? layOutAsTrained(options.systemPrompt, turn, event)
    : layOutAsReference(options.systemPrompt, turn, event);

/**
 * The layout of a chat model that was not made for streams: frames stand in user turns, and what it is to do
 * with them is said behind them.
 */
export function promptedLayout({ tell, answer }: ReplyPrompts): LayOut {
  return ({ systemPrompt }, turn, event) => {
    switch (event.type) {
      case 'ask':
        return requestTurn(systemPrompt, turn, event.text);
      case 'reply':
        return requestTurn(systemPrompt, turn, event.asked === true ? answer : tell);
      case 'open':
      case 'frames':
      case 'user':
        return layOutAsTrained(systemPrompt, turn, event, openUser);
      default:
        return event satisfies never;
    }
  };
}

/** The markup that an event appends to a context. */
export type LayOut = (
  options: Pick<ContextOptions, 'systemPrompt' | 'promptLayout'>,
  turn: ChatTurn,
  event: LayoutEvent,
) => LayoutStep;

/** What a chat model is told to say: by itself, and once the user has said something. */
interface ReplyPrompts {
  readonly tell: string;
  readonly answer: string;
}

/** Every {@link ChatTurn}. */
export const chatTurns = ['empty', 'system', 'user', 'stream', 'assistant'] as const;

/** Where in the chat markup a context stands. */
export type ChatTurn = (typeof chatTurns)[number];

/**
 * A piece of markup or text: one of the two special tokens, ordinary text encoded in one go, or the pending
 * tokens of a kept reply (see {@link owedByReply}).
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
  | { readonly type: 'ask'; readonly text: string }
  /** `asked`: whether the user has said anything. */
  | { readonly type: 'reply'; readonly asked?: boolean };

/**
 * The markup an event appends (before the frames' own tokens or the generated ones) and the state it leads
 * to.
 */
interface LayoutStep {
  /** Markup to remove from the end of the context before anything is appended. */
  readonly takesBack: readonly Piece[];
  readonly pieces: readonly Piece[];
  readonly turn: ChatTurn;
}

const start: Piece = { type: 'start' };
const end: Piece = { type: 'end' };
const owed: Piece = { type: 'owed' };
const newline: Piece = { type: 'text', text: '\n' };
const openStream: readonly Piece[] = [newline, start, { type: 'text', text: 'stream\n' }];
const openUser: readonly Piece[] = [newline, start, { type: 'text', text: 'user\n' }];
const openAssistant: readonly Piece[] = [newline, start, { type: 'text', text: 'assistant\n' }];

/** The state after a removed reply that began in state `before`. */
export function turnAfterRemovedReply(layout: PromptLayout, before: ChatTurn): ChatTurn {
  return layout === 'reference' ? 'user' : before;
}

/**
 * The tokens of a kept reply that are not in the context yet, given the last token generated for it, which
 * may be the end token (null if unknown). They end with `end`, except that the reference layout does not
 * close a reply cut off at its length limit.
 */
export function owedByReply(layout: PromptLayout, last: number | null, end: number): readonly number[] {
  if (last === null || last === end) return [end];
  return layout === 'reference' ? [last] : [last, end];
}

/**
 * Each turn is closed by the end token, the system turn comes first, and a stream turn is open whenever
 * frames may follow.
 */
function layOutAsTrained(
  systemPrompt: string,
  turn: ChatTurn,
  event: LayoutEvent,
  openFrames: readonly Piece[] = openStream,
): LayoutStep {
  const closing = closeAsTrained(systemPrompt, turn);
  const streamIsOpen = turn === 'stream' || turn === 'user';
  switch (event.type) {
    case 'open':
      return step(system(systemPrompt), 'system');
    case 'frames':
      return step(streamIsOpen ? [] : [...closing, ...openFrames], 'stream');
    case 'user':
      // Training has no stream turn without a frame, so a second text removes the one the first opened.
      return turn === 'user'
        ? { ...step([...user(event.text), ...openFrames], 'user'), takesBack: openFrames }
        : step([...closing, ...user(event.text), ...openFrames], 'user');
    case 'ask':
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

/** As in MMDuet's inference code, which differs from its own training layout. */
function layOutAsReference(systemPrompt: string, turn: ChatTurn, event: LayoutEvent): LayoutStep {
  switch (event.type) {
    case 'open':
      // The system turn is fed with the first frame. After a question at time 0 it is never fed.
      return step([], 'empty');
    case 'frames':
      if (turn === 'empty') return step(system(systemPrompt), 'stream');
      return step(turn === 'assistant' ? [owed, ...openStream] : [], 'stream');
    case 'user':
      return step([...(turn === 'stream' ? [end] : []), ...user(event.text), ...openStream], 'user');
    case 'ask':
    case 'reply':
      return step([end, ...openAssistant], 'assistant');
    default:
      return event satisfies never;
  }
}

/** The assistant's turn behind `text`, which ends the turn of frames, or is one of its own. */
function requestTurn(systemPrompt: string, turn: ChatTurn, text: string): LayoutStep {
  const isOpen = turn === 'stream' || turn === 'user';
  const said: readonly Piece[] = isOpen
    ? [{ type: 'text', text: `\n${text}` }, end]
    : [...closeAsTrained(systemPrompt, turn), ...user(text)];
  return step([...said, ...openAssistant], 'assistant');
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
