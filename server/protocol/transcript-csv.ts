/** One thing said, as a line of a table. */
export interface TranscriptRow {
  /** Seconds on the clock of the source. */
  readonly video_time: number;
  /** Milliseconds since the session was opened; empty where nothing tells. */
  readonly elapsed_ms?: number;
  readonly role: 'user' | 'assistant';
  /** How a reply ended; empty for users. */
  readonly status?: string;
  readonly text: string;
}

/** A transcript as CSV (RFC 4180), with a heading. */
export function transcriptCsv(rows: readonly TranscriptRow[]): string {
  const lines = rows.map(({ video_time, elapsed_ms = '', role, status = '', text }) =>
    [video_time, elapsed_ms, role, status, csvText(text)].join(','),
  );
  return ['video_time,elapsed_ms,role,status,text', ...lines].map((line) => `${line}\r\n`).join('');
}

/** A text as a cell of CSV. A spreadsheet must not take it for a formula. */
export function csvText(text: string): string {
  const cell = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${cell.replaceAll('"', '""')}"`;
}
