import type { z } from 'zod';
import { DuetError } from '../errors.js';
import type { TaskSettings } from '../settings/task-settings.js';
import type { Predictions } from './data/match-predictions.js';
import type { Answer } from './data/played.js';
import type { QuestionId } from './data/question-id.js';
import type { Question } from './data/question.js';
import type { Gold } from './data/annotations.js';
import type { Judge, Rubric } from './judges/judge.js';
import type { BatchRequest } from './judges/batch-request.js';
import type { JudgedFields } from './judges/judged-benchmark.js';
import type { JudgedBy } from './judges/judged-by.js';
import type { Mode } from './mode.js';
import type { SweepCurve } from './report/html/report-page.js';
import type { TaskReport } from './report/report.js';

/**
 * A benchmark: what is asked of a session, how its answers are read, and how predictions are scored against
 * them. Everything that sets one benchmark apart from the others stands in one such object, in a folder of
 * its own under `benchmarks/`; runner, commands, judges and reports know nothing else of it.
 */
export interface Benchmark {
  /** The one name it has in commands, folders and documents. */
  readonly name: string;
  /** Other names under which the commands know it, such as that of its best-known dataset. */
  readonly aliases: readonly string[];
  /** What the report of a run is headed by. */
  readonly title: string;
  /** What is scored, in a few words. */
  readonly measures: string;
  /**
   * Its file within the `annotations` folder of the bundled test set, and of every split rendered like it.
   */
  readonly annotationFile: string;
  /**
   * The questions of an annotation file, in its order. Throws naming file, line and field of what is none.
   */
  readonly readQuestions: (file: string) => Promise<readonly Question[]>;
  readonly session: SessionDemands;
  /** How a judge rates replies; null where the figures need no judge. */
  readonly judging: JudgingDemands | null;
  /**
   * The rules of scoring, from which the flags of `duet bench` and `duet score` are derived: `description` is
   * a flag's help, `value` names what it takes, `filesOnly` keeps it from `duet bench`.
   */
  readonly rules: z.ZodObject;
  /**
   * Rules that a run of only the first questions follows unless told otherwise; `nAnswered` have an answer.
   */
  readonly rulesWhenLimited: (nAnswered: number) => GivenRules;
  /**
   * What scoring can choose on a development split; null where only the threshold of speaking can be chosen.
   */
  readonly choice: ScoringChoice | null;
  /** Scores judged files of `duet judge` without asking a judge again; null where that is not defined. */
  readonly scoreJudgedFile: ((file: string, request: JudgedFileRequest) => Promise<TaskReport>) | null;
  /** A curve for the report page that scoring draws of every run; null where it has none to draw. */
  readonly curve: (report: TaskReport) => SweepCurve | null;
  /** Files that a run writes beside those that all benchmarks write. */
  readonly extraFiles: readonly ExtraFile[];
  /**
   * Reads the answers and prepares to score by them. Throws 'invalid_request' for rules that are out of range
   * or do not go together, and what reading throws.
   */
  readonly open: (request: ScoringRequest) => Promise<Scorer>;
}

/** What a benchmark asks of the session that is played. */
export interface SessionDemands {
  /** Whether the model speaks and its replies are scored; otherwise only the scores of the frames are. */
  readonly speaks: boolean;
  /** Under which of a model's recommended tasks its settings are looked for, in this order. */
  readonly recommendedAs: readonly string[];
  /** Settings of MMDuet's published run. */
  readonly published: TaskSettings;
}

/** What a benchmark asks of a judge. */
export interface JudgingDemands {
  /** What the files of a batch call the benchmark. */
  readonly task: string;
  readonly rubric: Rubric;
  /** What is rated, in a few words. */
  readonly rates: string;
}

/** Values of a benchmark's rules by name; absent ones are left to their defaults. */
export type GivenRules = Readonly<Record<string, unknown>>;

/** What is scored against, and by which rules. */
export interface ScoringRequest<Rules = GivenRules> {
  /** File of the annotations. */
  readonly annotations: string;
  readonly mode: Mode;
  /** What becomes of predictions of questions that nobody annotated. */
  readonly unknown: 'fail' | 'skip';
  readonly rules: Rules;
  /** The split on which {@link Benchmark.choice} is made; null to leave it to the rules. */
  readonly development: DevelopmentSplit | null;
}

/** Annotations and predictions of a split that nothing is reported of. */
export interface DevelopmentSplit {
  readonly annotations: string;
  readonly predictions: Predictions;
}

/** What is scored of a judged file. */
export interface JudgedFileRequest {
  /** File of the annotations; null where only the questions of the judged file are known. */
  readonly annotations: string | null;
  readonly mode: Mode;
  readonly unknown: 'fail' | 'skip';
  readonly rules: GivenRules;
}

/** What a benchmark lets be chosen on a development split, and what holds where nobody chose. */
export interface ScoringChoice {
  /** What is chosen, as in "the window". */
  readonly what: string;
  /** Values of the rules that are chosen, fixed before any figure was seen. */
  readonly fixed: Readonly<Record<string, number>>;
  /**
   * The values at which a model's own figures were made, out of its `figures.json`; null where it has none.
   */
  readonly ofFigures: (variant: unknown) => Readonly<Record<string, number>> | null;
}

/** A file that only one benchmark writes. */
interface ExtraFile {
  readonly name: string;
  /** Its lines, without line ends. */
  readonly lines: (answers: AsyncIterable<Answer>, rules: GivenRules) => AsyncIterable<string>;
}

/** Scores predictions against the answers it was opened with. */
export type Scorer = PlainScorer | JudgedScorer;

/** A scorer that needs no judge. */
export interface PlainScorer {
  readonly type: 'plain';
  readonly gold: Gold<unknown>;
  readonly score: (predictions: Predictions) => Promise<TaskReport>;
}

/** A scorer whose figures rest on the ratings of a judge; what it asks does not depend on them. */
export interface JudgedScorer {
  readonly type: 'judged';
  readonly gold: Gold<unknown>;
  readonly score: (predictions: Predictions, judging: JudgedScoring) => Promise<TaskReport>;
}

/** Who judges. */
export interface JudgedScoring {
  readonly judge: Judge;
  /** How many examples may wait for the judge at once. */
  readonly concurrency: number;
  /** Told of every rated example, in the order of the predictions. */
  readonly onRated?: (example: RatedExample) => void;
}

/** An example with its ratings, for whoever keeps or draws them. */
export interface RatedExample {
  readonly questionId: QuestionId;
  /** What a judged file says of it; null where the published files leave it out. */
  readonly fields: ((judge: JudgedBy) => JudgedFields) | null;
  /** The requests by which it would be judged in a batch. */
  readonly requests: () => readonly BatchRequest[];
  /** Null where the ratings belong to no single reply. */
  readonly ratings: () => ExampleRatings | null;
}

/** Ratings of one example; null for a reply or gold turn that has none. */
export interface ExampleRatings {
  /** Of every reply: the best of the gold turns within whose spans it lies. */
  readonly replies: readonly (number | null)[];
  /** Of every gold turn: the mean of the replies within its span. */
  readonly gold: readonly (number | null)[];
}

/** What a benchmark need not say. */
type Defaults = Pick<Benchmark, 'readQuestions' | 'judging' | 'choice' | 'curve'>;

/** A benchmark as its folder defines it, with its rules typed. What is left out does not apply to it. */
interface BenchmarkDefinition<Rules extends z.ZodObject>
  extends
    Omit<Benchmark, keyof Defaults | 'rules' | 'scoreJudgedFile' | 'extraFiles' | 'open'>,
    Partial<Defaults> {
  readonly rules: Rules;
  readonly scoreJudgedFile?: (
    file: string,
    request: JudgedFileRequest & { readonly rules: z.output<Rules> },
  ) => Promise<TaskReport>;
  readonly extraFiles?: readonly {
    readonly name: string;
    readonly lines: (
      answers: Parameters<ExtraFile['lines']>[0],
      rules: z.output<Rules>,
    ) => AsyncIterable<string>;
  }[];
  readonly open: (request: ScoringRequest<z.output<Rules>>) => Promise<Scorer>;
}

/** Makes a benchmark of its definition: whatever rules it is given are checked before it sees them. */
export function defineBenchmark<Rules extends z.ZodObject>(
  definition: BenchmarkDefinition<Rules>,
): Benchmark {
  const { rules: schema, scoreJudgedFile = null, extraFiles = [], open } = definition;
  const checked = <Request extends { readonly rules: GivenRules }>(request: Request) => {
    return { ...request, rules: checkRules(schema, request.rules) };
  };
  return {
    readQuestions: async (file) => (await import('./data/question.js')).readQuestions(file),
    judging: null,
    choice: null,
    curve: () => null,
    ...definition,
    scoreJudgedFile: scoreJudgedFile && ((file, request) => scoreJudgedFile(file, checked(request))),
    extraFiles: extraFiles.map(({ name, lines }) => ({
      name,
      lines: (answers, given) => lines(answers, checkRules(schema, given)),
    })),
    open: (request) => open(checked(request)),
  };
}

function checkRules<Rules extends z.ZodObject>(schema: Rules, given: GivenRules): z.output<Rules> {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const name = issue?.path.map(String).join('.') ?? '';
  throw new DuetError('invalid_request', `rule ${name}: ${issue?.message ?? 'is not valid'}`);
}
