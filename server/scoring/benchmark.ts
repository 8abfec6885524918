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
 * them. Everything specific to one benchmark is in one such object, in its own folder under `benchmarks/`;
 * the runner, commands, judges and reports know it only through this interface.
 */
export interface Benchmark {
  /** Its name in commands, folders and documents. */
  readonly name: string;
  /** Other names the commands accept, such as that of its best-known dataset. */
  readonly aliases: readonly string[];
  /** Heading of a run's report. */
  readonly title: string;
  /** What is scored, in a few words. */
  readonly measures: string;
  /** Its file in the `annotations` folder of the bundled test set and of every split rendered like it. */
  readonly annotationFile: string;
  /**
   * The questions of an annotation file, in file order. Throws naming file, line and field of an invalid one.
   */
  readonly readQuestions: (file: string) => Promise<readonly Question[]>;
  readonly session: SessionDemands;
  /** How a judge rates replies; null where the figures need no judge. */
  readonly judging: JudgingDemands | null;
  /**
   * The scoring rules, from which the flags of `duet bench` and `duet score` are derived: `description` is a
   * flag's help, `value` names its argument, and `filesOnly` leaves it out of `duet bench`.
   */
  readonly rules: z.ZodObject;
  /** Default rules for a run limited to the first questions, `nAnswered` of which have an answer. */
  readonly rulesWhenLimited: (nAnswered: number) => GivenRules;
  /** What scoring can choose on a development split; null if only the speaking threshold can be chosen. */
  readonly choice: ScoringChoice | null;
  /**
   * Scores files written by `duet judge` without asking a judge again; null if the benchmark has no such
   * files.
   */
  readonly scoreJudgedFile: ((file: string, request: JudgedFileRequest) => Promise<TaskReport>) | null;
  /** A curve for the report page, drawn for every run; null if there is none. */
  readonly curve: (report: TaskReport) => SweepCurve | null;
  /** Files that a run writes in addition to those of every benchmark. */
  readonly extraFiles: readonly ExtraFile[];
  /**
   * Reads the answers and prepares to score against them. Throws 'invalid_request' for rules that are out of
   * range or contradict each other, and what reading throws.
   */
  readonly open: (request: ScoringRequest) => Promise<Scorer>;
}

/** What a benchmark needs of the session it runs. */
export interface SessionDemands {
  /** Whether the model speaks and its replies are scored; otherwise only its frame scores are. */
  readonly speaks: boolean;
  /** The model's recommended tasks whose settings may be used, the first one present winning. */
  readonly recommendedAs: readonly string[];
  /** Settings of MMDuet's published run. */
  readonly published: TaskSettings;
}

/** What a benchmark needs of a judge. */
export interface JudgingDemands {
  /** The benchmark's name in batch files. */
  readonly task: string;
  readonly rubric: Rubric;
  /** What is rated, in a few words. */
  readonly rates: string;
}

/** Values of a benchmark's rules by name; absent ones take their defaults. */
export type GivenRules = Readonly<Record<string, unknown>>;

/** What to score against, and by which rules. */
export interface ScoringRequest<Rules = GivenRules> {
  /** File of the annotations. */
  readonly annotations: string;
  readonly mode: Mode;
  /** How to treat predictions for questions without an annotation. */
  readonly unknown: 'fail' | 'skip';
  readonly rules: Rules;
  /** The split on which {@link Benchmark.choice} is made; null to leave it to the rules. */
  readonly development: DevelopmentSplit | null;
}

/** Annotations and predictions of a split used for choosing only, never reported. */
export interface DevelopmentSplit {
  readonly annotations: string;
  readonly predictions: Predictions;
}

/** How to score a judged file. */
export interface JudgedFileRequest {
  /** File of the annotations; null to score only the questions in the judged file. */
  readonly annotations: string | null;
  readonly mode: Mode;
  readonly unknown: 'fail' | 'skip';
  readonly rules: GivenRules;
}

/** What a benchmark can choose on a development split, and the values to use when nothing was chosen. */
export interface ScoringChoice {
  /** What is chosen, such as "the window". */
  readonly what: string;
  /** Default values of those rules, fixed before any figure was seen. */
  readonly fixed: Readonly<Record<string, number>>;
  /** The values used for a model's own figures, from its `figures.json`; null if it has none. */
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

/** A scorer whose figures depend on a judge's ratings; what it asks the judge does not. */
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
  /** Called with every rated example, in the order of the predictions. */
  readonly onRated?: (example: RatedExample) => void;
}

/** An example with its ratings, to store or draw. */
export interface RatedExample {
  readonly questionId: QuestionId;
  /** Its line in a judged file; null if the published files leave it out. */
  readonly fields: ((judge: JudgedBy) => JudgedFields) | null;
  /** The requests by which it would be judged in a batch. */
  readonly requests: () => readonly BatchRequest[];
  /** Null if the ratings do not belong to individual replies. */
  readonly ratings: () => ExampleRatings | null;
}

/** Ratings of one example; null for a reply or gold turn without one. */
export interface ExampleRatings {
  /** For every reply, its best rating among the gold turns whose spans contain it. */
  readonly replies: readonly (number | null)[];
  /** For every gold turn, the mean rating of the replies within its span. */
  readonly gold: readonly (number | null)[];
}

/** The parts a benchmark may leave out. */
type Defaults = Pick<Benchmark, 'readQuestions' | 'judging' | 'choice' | 'curve'>;

/** A benchmark as its folder defines it, with typed rules. Parts that do not apply are left out. */
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

/** Completes a definition to a benchmark that checks the rules it is given before using them. */
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
