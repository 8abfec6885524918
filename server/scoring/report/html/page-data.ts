/**
 * An example as the script of a page (client/report) reads it from a data block: short rows rather than
 * objects, since a page may hold thousands; times are seconds on the media clock.
 */
export interface PageExample {
  readonly id: string;
  readonly video: string;
  readonly duration: number | null;
  readonly value: number | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly questions: readonly (readonly [time: number, content: string])[];
  readonly gold: readonly (readonly [start: number, end: number, content: string])[];
  /** The distinct texts of the replies. */
  readonly texts: readonly string[];
  readonly replies: readonly PageReply[];
  /** Null where no frames were recorded, or where they are left out of the page. */
  readonly frames: PageFrames | null;
  /** How many frames were recorded. */
  readonly nFrames: number;
}

/** A reply; its time is null if the system gave none, its rating if it was not judged. */
export type PageReply = readonly [
  time: number | null,
  text: number,
  rating: number | null,
  deliveryTime: number | null,
];

/** The scores of frames, packed. */
export interface PageFrames {
  /** Start and step of regular times in seconds, or every time in whole milliseconds after the one before. */
  readonly times: { readonly start: number; readonly step: number } | readonly number[];
  readonly count: number;
  /** What the lowest and the highest code stand for. */
  readonly low: number;
  readonly high: number;
  /** Two characters of {@link codeAlphabet} for every frame. */
  readonly informative: string;
  readonly relevance: string;
}

/** Digits of a score: two of them make a code from 0 to 4095. */
export const codeAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Code of the highest score. */
export const highestCode = 4094;

/** Code of a frame without this score. */
export const missingCode = 4095;

/** Counts in bins of one width. */
export interface Bins {
  /** Where the first bin begins, and how wide each is. */
  readonly start: number;
  readonly width: number;
  readonly counts: readonly number[];
}

/** One threshold of a curve. */
export interface CurvePoint {
  readonly threshold: number;
  readonly score: number | null;
  readonly turns: number | null;
  readonly turnsDedup: number | null;
  readonly chosen: boolean;
  /** Best on the data itself, not chosen beforehand. */
  readonly oracle: boolean;
}

/** A figure over one or several groups of things that are counted in the same bins. */
export interface HistogramChart {
  readonly type: 'histogram';
  readonly id: string;
  readonly unit: string;
  /** Whether the groups are shown as shares of themselves, since one is much larger. */
  readonly shares: boolean;
  readonly groups: readonly { readonly name: string; readonly colour: ChartColour; readonly bins: Bins }[];
}

/** Score, turns and distinct turns over the threshold, and score over turns. */
export interface CurveChart {
  readonly type: 'curve';
  readonly id: string;
  readonly metric: string;
  readonly shows: 'score' | 'turns' | 'score-by-turns';
  readonly points: readonly CurvePoint[];
}

/** A colour of the style sheet that charts may use. */
export type ChartColour = 'score' | 'informative' | 'relevance' | 'outside';

/** What is drawn into the figure of the same id. */
export type Chart = HistogramChart | CurveChart;
