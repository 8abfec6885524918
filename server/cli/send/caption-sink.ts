/** Where captions go: to one program or service. */
export interface CaptionSink extends AsyncDisposable {
  /** What it is called in messages: no secrets. */
  readonly name: string;
  /** Columns that fit into one of its lines. */
  readonly columns: number;
  /**
   * Shows at most two lines in place of those before, none to show nothing. Tries again as long as it makes
   * sense.
   * @throws DuetError when it cannot be shown: the next may be
   */
  show(lines: readonly string[], signal: AbortSignal): Promise<void>;
}
