/** What was spent on a model behind an API. */
export interface SpendingFigures {
  /** Requests that were answered, or may have been charged. */
  readonly calls: number;
  /** Of these, in the last 60 seconds. */
  readonly callsLastMinute: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Null if the prices are not known. */
  readonly dollars: number | null;
  /** In dollars, for all sessions together; null if there is none. */
  readonly budget: number | null;
}

/** What a model behind an API may take for something. */
export interface RequestCost {
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Null if the prices are not known. */
  readonly dollars: number | null;
}

/**
 * About what a model behind an API takes while one question stands, a picture being as large as it may be.
 */
export interface ModelCosts {
  /** For deciding about one frame: in the cheapest and the dearest of the ways that may be taken. */
  readonly look: { readonly least: LookCost; readonly most: LookCost };
  /** For one reply of 64 tokens. */
  readonly reply: RequestCost;
  /** About how many frames a second it is asked at most; null: about all of them. */
  readonly looksPerSecond: number | null;
  /** Of a picture. */
  readonly pictureTokens: number;
}

/** What deciding about a frame takes, in one way of deciding. */
export interface LookCost extends RequestCost {
  /** The way, behind "decides by". */
  readonly decides: string;
}
