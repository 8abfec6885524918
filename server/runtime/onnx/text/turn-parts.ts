import type { Piece } from './chat-layout.js';

/**
 * Divides the pieces of one event into the parts of turns that an eviction keeps or drops together; `rowsOf`
 * gives the tokens of a piece. What comes before the first new turn closes the one before.
 */
export function turnParts(pieces: readonly Piece[], rowsOf: (piece: Piece) => number): TurnPart[] {
  const parts: { kind: TurnPart['kind']; begins: boolean; rows: number }[] = [];
  for (const [index, piece] of pieces.entries()) {
    const last = parts.at(-1);
    if (beginsTurn(pieces, index))
      parts.push({ kind: kindOf(pieces, index), begins: true, rows: rowsOf(piece) });
    else if (last !== undefined) last.rows += rowsOf(piece);
    else parts.push({ kind: 'closing', begins: false, rows: rowsOf(piece) });
  }
  return parts.filter(({ rows }) => rows > 0);
}

/** A part of a turn: some tokens that follow each other. */
export interface TurnPart {
  /**
   * `prompt`: the system's turn, which is never dropped; `content`: a frame, a text or a reply; `opening` and
   * `closing`: markup around frames or a reply, dropped when its turn has no content left.
   */
  readonly kind: 'prompt' | 'content' | 'opening' | 'closing';
  /** Whether a new turn begins with it. */
  readonly begins: boolean;
  readonly rows: number;
}

/** A turn begins with the start token, or with the line break before it. */
function beginsTurn(pieces: readonly Piece[], index: number): boolean {
  const previous = pieces[index - 1];
  if (pieces[index]?.type === 'start') return previous === undefined || !isLineBreak(previous);
  return isLineBreak(pieces[index]) && pieces[index + 1]?.type === 'start';
}

function isLineBreak(piece: Piece | undefined): boolean {
  return piece?.type === 'text' && piece.text === '\n';
}

function kindOf(pieces: readonly Piece[], from: number): TurnPart['kind'] {
  const named = pieces.slice(from).find((piece) => piece.type === 'text' && piece.text !== '\n');
  const role = named?.type === 'text' ? named.text.split('\n', 1).join('') : '';
  if (role === 'system') return 'prompt';
  // An opening without a text is one for frames.
  return role === 'user' && named?.type === 'text' && named.text !== 'user\n' ? 'content' : 'opening';
}
