import type { JudgedExample } from '../../../../server/scoring/benchmarks/magqa/judge-example.js';
import { magqaReport } from '../../../../server/scoring/benchmarks/magqa/magqa-report.js';
import { scoreMagqa } from '../../../../server/scoring/benchmarks/magqa/magqa-scorer.js';
import { defaultMagqaOptions } from '../../../../server/scoring/benchmarks/magqa/rules.js';
import { readQaAnnotations, type QaAnnotation } from '../../../../server/scoring/data/qa-annotations.js';
import { readPredictions } from '../../../../server/scoring/data/read-predictions.js';
import { openJudge } from '../../../../server/scoring/judges/kinds/open-judge.js';
import { buildReport } from '../../../../server/scoring/report/build-report.js';
import type { ExampleTimeline, ReportPage } from '../../../../server/scoring/report/html/report-page.js';
import { defaultResampling } from '../../../../server/scoring/statistics/bootstrap.js';
import { goldenPath } from '../../support/golden.js';

/** The golden run of MAGQA as a page. */
export async function goldenPage(): Promise<ReportPage> {
  const judge = await openJudge(`recorded:${goldenPath('magqa/judge_calls.json')}`);
  const gold = await readQaAnnotations(goldenPath('magqa/gold.json'), 'strict');
  const file = goldenPath('magqa/pred.jsonl');
  const timelines: ExampleTimeline[] = [];
  const result = await scoreMagqa({
    source: { file, predictions: readPredictions(file, { frames: false }) },
    gold: tagged(gold),
    judge,
    options: defaultMagqaOptions,
    onJudged: (example) => timelines.push(timelineOf(example)),
  });
  const task = magqaReport(result, judge, defaultMagqaOptions);
  return {
    title: 'The golden run',
    report: buildReport(task, { resampling: defaultResampling, sliceBy: ['length'] }),
    settings: { model: 'duet-nano', fps: 2, heads: ['informative', 'relevance'], threshold: 0.5 },
    failures: [{ id: 'lost.mp4', reason: 'lost.mp4: no such file' }],
    sweep: {
      metric: 'in_span',
      exact: true,
      note: 'The threshold was chosen on the development split.',
      points: [0.3, 0.4, 0.5, 0.6, 0.7, 0.8].map((threshold) => ({
        threshold,
        score: 2.1 - 4 * (threshold - 0.6) ** 2,
        turns: 9 - 10 * threshold,
        turnsDedup: 5 - 5 * threshold,
        chosen: threshold === 0.5,
      })),
    },
    timelines,
  };
}

/** The golden annotations carry no tags: the number of gold turns serves as one. */
function tagged(gold: Map<string, QaAnnotation>): Map<string, QaAnnotation> {
  const label = (turns: number): string => (turns > 2 ? 'many' : 'few');
  return new Map(
    [...gold].map(([key, item]) => [key, { ...item, tags: { length: label(item.answer.length) } }]),
  );
}

function timelineOf({ matched, replies, matrix, score }: JudgedExample): ExampleTimeline {
  const { annotation, prediction } = matched;
  const spans = annotation.answer.map((turn) => turn.span);
  const rating = (column: number, time: number): number | null => {
    const row = spans.findIndex(([start, end]) => start <= time && time <= end);
    return matrix[row]?.[column] ?? null;
  };
  return {
    id: String(prediction.questionId),
    video: `${String(prediction.questionId)}.mp4`,
    duration: prediction.videoDuration,
    conversation: [{ time: annotation.questionTime, content: annotation.question }],
    gold: annotation.answer,
    replies: replies.map(({ time, content }, column) => ({
      time,
      content,
      rating: rating(column, time),
      deliveryTime: column % 2 === 0 ? time + 0.4 + column / 10 : null,
    })),
    frames: framesOf(prediction.videoDuration ?? 0, spans),
    value: score.inSpan,
    tags: score.tags,
  };
}

/** Two frames a second, with scores that are higher within the spans. */
function framesOf(
  duration: number,
  spans: readonly (readonly [number, number])[],
): ExampleTimeline['frames'] {
  return Array.from({ length: Math.floor(duration * 2) }, (_, index) => {
    const time = index / 2;
    const inside = spans.some(([start, end]) => start <= time && time <= end) ? 0.3 : 0;
    const wave = (phase: number): number => 0.3 + 0.25 * Math.sin(time * 1.7 + phase) * Math.cos(time * 0.6);
    return {
      time,
      informative: wave(0) + inside,
      relevance: index % 97 === 50 ? null : wave(2) + 0.8 * inside,
    };
  });
}
