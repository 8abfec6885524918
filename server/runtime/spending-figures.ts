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
