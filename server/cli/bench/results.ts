import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Question } from '../../scoring/data/question.js';
import { playedQuestions, writeLines } from '../../scoring/runner/predictions.js';
import { countRun } from '../../scoring/runner/run-counts.js';
import { buildReport } from '../../scoring/report/build-report.js';
import type { ExampleTimeline, SweepCurve } from '../../scoring/report/html/report-page.js';
import { writeReportPage } from '../../scoring/report/html/write-report-page.js';
import type { Report } from '../../scoring/report/report.js';
import { reportToJson } from '../../scoring/report/to-json.js';
import { resamplingOf } from '../print-report.js';
import { ablationNotes } from './ablation-notes.js';
import { headlineOf } from '../../scoring/runner/sweep.js';
import type { BenchInput } from './inputs.js';
import type { CompletedBench } from './run.js';
import { sweepNotes } from './sweep-notes.js';

/** A report, and the files it was written to. */
export interface WrittenReport {
  readonly report: Report;
  readonly json: string;
  readonly html: string;
  /** Files that only this benchmark writes. */
  readonly extra: readonly string[];
}

/** Writes `report.json`, which `duet compare` reads, and `report.html` beside the predictions. */
export async function writeReports(bench: CompletedBench, signal: AbortSignal): Promise<WrittenReport> {
  const { title, run, result, prepared } = bench;
  const report = await reportOf(bench);
  // The page shows the settings and the sweep in places of their own.
  const shown = { ...report, values: result.report.values };
  const [json, html] = [join(prepared.folder, 'report.json'), join(prepared.folder, 'report.html')];
  await writeFileAtomic(json, `${reportToJson(report, true)}\n`);
  const failures = result.run.unplayable.map(({ questionId, reason }) => ({
    id: String(questionId),
    reason,
  }));
  const timelines = timelinesOf(bench, report);
  await writeReportPage(
    { title, report: shown, settings: run, failures, sweep: curveOf(bench), timelines },
    html,
    {},
    signal,
  );
  return { report, json, html, extra: await writeExtraFiles(bench) };
}

async function writeExtraFiles({ prepared, result }: CompletedBench): Promise<readonly string[]> {
  const { benchmark, rules, folder } = prepared;
  const files: string[] = [];
  for (const { name, lines } of benchmark.extraFiles) {
    const file = join(folder, name);
    await writeLines(lines(playedQuestions(result.run, null), rules), file);
    files.push(file);
  }
  return files;
}

/** What the page draws over thresholds: the sweep of the run, or the curve that the benchmark draws of every run. */
function curveOf({ result, prepared }: CompletedBench): SweepCurve | null {
  const { sweep, report } = result;
  if (sweep === null) return prepared.benchmark.curve(report);
  const metric = report.headline[0]?.name ?? report.exampleMetric;
  return {
    metric,
    points: sweep.points.map((point) => ({
      threshold: point.threshold,
      score: headlineOf(point.report),
      turns: figure(point.report, 'turns'),
      turnsDedup: figure(point.report, 'turns_dedup'),
      chosen: point.threshold === sweep.chosen,
    })),
    exact: sweep.whyNotOnce === null,
    note: sweep.whyNotOnce,
  };
}

function figure(report: CompletedBench['result']['report'], name: string): number | null {
  return report.headline.find((candidate) => candidate.name === name)?.value ?? null;
}

/** The task's report with what the run counted, how it was played, and what must be known of its sweep. */
async function reportOf(bench: CompletedBench): Promise<Report> {
  const { result, run, prepared } = bench;
  const { report, sweep } = result;
  const counts = await countRun(result.run);
  const task = {
    ...report,
    examples: withVideos(report.examples, result.run.questions),
    counts: { ...counts, ...report.counts },
    values: { ...report.values, run, ...(sweep && { sweep: sweepValues(sweep) }) },
    notes: [
      ...report.notes,
      ...(prepared.choiceNote === undefined ? [] : [prepared.choiceNote]),
      ...sweepNotes(result),
      ...(sweep?.whyNotOnce === null && counts.nContextRenewals > 0 ? [renewalsMoved] : []),
      ...ablationNotes(bench.settings),
      ...inputNotes(prepared.inputs.test),
    ],
  };
  return buildReport(task, { resampling: resamplingOf(prepared.flags), sliceBy: prepared.flags.sliceBy });
}

/** The frame at which a full context is renewed shifts with the replies before it. */
const renewalsMoved =
  'contexts were full and were renewed; separate runs may do so a few frames ' +
  'apart, so the other thresholds are close, not exact';

/** What is left out, or never was much. */
function inputNotes({ questions, annotated, bundled, substitutes }: BenchInput): string[] {
  const first =
    questions.length === annotated.length
      ? []
      : [`only the first ${questions.length} of ${annotated.length} questions (--limit)`];
  const [substitute] = substitutes;
  const others =
    substitute === undefined
      ? []
      : [
          `${substitutes.length} videos are there under another name, such as ` +
            `${substitute.found} for ${substitute.named}`,
        ];
  return bundled
    ? [...first, 'the bundled test set is a rendered world: its figures compare with none on real video']
    : [...first, ...others];
}

/** Examples with their video among the tags, so that results can be sliced by it. */
function withVideos(examples: Report['examples'], questions: readonly Question[]): Report['examples'] {
  const videos = new Map(questions.map(({ questionId, video }) => [String(questionId), video]));
  return examples.map((example) => {
    const video = videos.get(example.id);
    return video === undefined ? example : { ...example, tags: { video, ...example.tags } };
  });
}

function sweepValues({ points, chosen, chosenOn }: NonNullable<CompletedBench['result']['sweep']>): unknown {
  return {
    ...{ chosen, chosen_on: chosenOn },
    points: points.map(({ threshold, report }) => ({
      threshold,
      ...Object.fromEntries(report.headline.map(({ name, value }) => [name, value])),
    })),
  };
}

async function* timelinesOf({ result }: CompletedBench, report: Report): AsyncGenerator<ExampleTimeline> {
  const values = new Map(report.examples.map(({ id, value }) => [id, value]));
  for await (const { question, played } of playedQuestions(result.run, result.turns)) {
    const id = String(question.questionId);
    const { video, conversation, gold, tags } = question;
    yield {
      ...{
        id,
        video,
        conversation,
        gold,
        tags,
        duration: played.video_duration,
        value: values.get(id) ?? null,
      },
      replies: played.replies.map(({ time, content, delivery_time: deliveryTime }, index) => {
        return { time, content, deliveryTime, rating: result.ratings.get(id)?.replies[index] ?? null };
      }),
      frames: played.frames.map(([time, informative, relevance]) => ({ time, informative, relevance })),
    };
  }
}
