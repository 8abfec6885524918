import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Question } from '../data/question.js';
import { buildReport } from '../report/build-report.js';
import type { ExampleTimeline, SweepCurve } from '../report/html/report-page.js';
import { writeReportPage } from '../report/html/write-report-page.js';
import { headlineOf, type Report, type ReportRow, type TaskReport } from '../report/report.js';
import { reportToJson } from '../report/to-json.js';
import { defaultResampling } from '../statistics/bootstrap.js';
import { changeNames, changeNotes, inputNotes, sweepNotes } from './notes.js';
import type { PlaySettings } from './play/settings.js';
import { playedQuestions, writeLines } from './runs/predictions.js';
import type { PreparedBenchmark } from './prepare.js';
import type { PlayResources } from './resources.js';
import { countRun } from './runs/run.js';
import type { SplitsResult, Sweep } from './runs/run-splits.js';

/** A benchmark that was played and scored. */
interface ScoredRun {
  readonly prepared: PreparedBenchmark;
  readonly settings: PlaySettings;
  readonly resources: Pick<PlayResources, 'model' | 'modelFingerprint'>;
  readonly result: SplitsResult;
}

/**
 * Writes `report.json`, which `duet compare` reads, `report.html`, and the benchmark's extra files, next to
 * the predictions; returns the report and the paths of all files.
 */
export async function writeResults(
  run: ScoredRun,
  signal: AbortSignal,
): Promise<{ readonly report: Report; readonly files: readonly string[] }> {
  const { result, prepared } = run;
  const settings = settingsByName(run);
  const report = await reportOf(run, settings);
  const [json, html] = [join(prepared.folder, 'report.json'), join(prepared.folder, 'report.html')];
  await writeFileAtomic(json, `${reportToJson(report, true)}\n`);
  const page = {
    title: titleOf(run),
    // The page shows the settings and the sweep in their own sections.
    report: { ...report, values: result.report.values },
    settings,
    failures: result.run.unplayable.map(({ questionId, reason }) => ({ id: String(questionId), reason })),
    sweep: curveOf(run),
    timelines: timelinesOf(run, report),
  };
  await writeReportPage(page, html, {}, signal);
  return { report, files: [result.predictionsFile, ...(await writeExtraFiles(run)), json, html] };
}

function titleOf({ prepared, settings, resources }: ScoredRun): string {
  const { name, version } = resources.model.capabilities;
  return [`${prepared.plan.benchmark.title}: ${name} ${version}`, ...changeNames(settings)].join(', ');
}

/** How the run was played, by name, for readers of the report. */
function settingsByName({ prepared, settings, resources }: ScoredRun): Readonly<Record<string, unknown>> {
  const { name, version } = resources.model.capabilities;
  const { session, ...others } = settings;
  return {
    preset: prepared.plan.preset ?? 'model',
    model: `${name} ${version}`,
    model_fingerprint: resources.modelFingerprint,
    ...others,
    ...session,
  };
}

async function writeExtraFiles({ prepared, result }: ScoredRun): Promise<readonly string[]> {
  const { plan, rules, folder } = prepared;
  const files: string[] = [];
  for (const { name, lines } of plan.benchmark.extraFiles) {
    const file = join(folder, name);
    await writeLines(lines(playedQuestions(result.run, null), rules), file);
    files.push(file);
  }
  return files;
}

/** The curve on the page: the sweep of the run, or the curve the benchmark draws for every run. */
function curveOf({ result, prepared }: ScoredRun): SweepCurve | null {
  const { sweep, report } = result;
  if (sweep === null) return prepared.plan.benchmark.curve(report);
  return {
    metric: report.headline[0]?.name ?? report.exampleMetric,
    points: sweep.points.map((point) => ({
      threshold: point.threshold,
      score: headlineOf(point.report),
      turns: figure(point.report, 'turns'),
      turnsDedup: figure(point.report, 'turns_dedup'),
      chosen: point.threshold === sweep.chosen,
    })),
    exact: sweep.separateBecause === null,
    note: sweep.separateBecause,
  };
}

function figure(report: TaskReport, name: string): number | null {
  return report.headline.find((candidate) => candidate.name === name)?.value ?? null;
}

/** The task's report with the run's counts, settings and notes. */
async function reportOf(
  { result, prepared, settings }: ScoredRun,
  run: Readonly<Record<string, unknown>>,
): Promise<Report> {
  const { report, sweep, raw } = result;
  const { plan, inputs, choiceNote } = prepared;
  const counts = await countRun(result.run);
  const task = {
    ...report,
    examples: withVideos(report.examples, result.run.questions),
    counts: { ...counts, ...(raw && { nSuppressed: raw.nSuppressed }), ...report.counts },
    tables: { ...report.tables, ...(raw && { 'told and raw': toldAndRaw(report, raw.report) }) },
    values: { ...report.values, run, ...(sweep && { sweep: sweepValues(sweep) }) },
    notes: [
      ...report.notes,
      ...(choiceNote === null ? [] : [choiceNote]),
      ...sweepNotes(result, counts.nContextRenewals),
      ...changeNotes(settings),
      ...inputNotes(inputs.test),
    ],
  };
  const { resampling = defaultResampling, sliceBy = [] } = plan;
  return buildReport(task, { resampling, sliceBy });
}

/** The headline figures of the replies that were told, and of all that were made. */
function toldAndRaw(told: TaskReport, raw: TaskReport): readonly ReportRow[] {
  return Object.entries({ told, raw }).map(([replies, { headline }]) => ({
    replies,
    ...Object.fromEntries(headline.map(({ name, value }) => [name, value])),
  }));
}

/** Examples with their video among the tags, so that results can be sliced by it. */
function withVideos(examples: Report['examples'], questions: readonly Question[]): Report['examples'] {
  const videos = new Map(questions.map(({ questionId, video }) => [String(questionId), video]));
  return examples.map((example) => {
    const video = videos.get(example.id);
    return video === undefined ? example : { ...example, tags: { video, ...example.tags } };
  });
}

function sweepValues({ points, chosen, chosenOn }: Sweep): unknown {
  return {
    ...{ chosen, chosen_on: chosenOn },
    points: points.map(({ threshold, report }) => ({
      threshold,
      ...Object.fromEntries(report.headline.map(({ name, value }) => [name, value])),
    })),
  };
}

async function* timelinesOf({ result }: ScoredRun, report: Report): AsyncGenerator<ExampleTimeline> {
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
