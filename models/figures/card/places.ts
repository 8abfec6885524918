import type { Manifest } from '../../../server/runtime/folder/manifest.js';
import type { Figures } from '../figures.js';
import { realPlaces } from './real-tables.js';
import { percent, show, withRange } from './show.js';
import {
  answeringTable,
  captionTable,
  scoresTable,
  settingsTable,
  sliceTable,
  tellingTable,
} from './tables.js';

/** Counts for the card: weights (null if unknown), and the values of every field of the world's grammar. */
interface Counts {
  readonly weights: number | null;
  readonly world: ReadonlyMap<string, number>;
}

/** Everything a card's template may name. */
export function placesOf(
  figures: Figures,
  manifest: Manifest,
  { weights, world }: Counts,
): ReadonlyMap<string, string> {
  return new Map([
    ...modelPlaces(manifest),
    ['model.weights', weights === null ? 'an unknown number of' : `${show(weights / 1e6, 1)} million`],
    ...[...world].map(([field, count]) => [`world.${field}`, String(count)] as const),
    ...splitPlaces(figures),
    ...figurePlaces(figures),
    ...tablePlaces(figures),
    ...realPlaces(figures.real),
    ...measuredPlaces(figures),
  ]);
}

type Places = readonly (readonly [name: string, text: string])[];

function modelPlaces({
  name,
  version,
  description,
  precision,
  picture,
  tokensPerFrame,
  decoder,
  recommended,
  files,
}: Manifest): Places {
  const bytes = Object.values(files).reduce((sum, file) => sum + file.bytes, 0);
  const { window = 'all' } = recommended.default;
  return [
    ['model.name', name],
    ['model.version', version],
    ['model.capabilities', description],
    ['model.precision', precision],
    ['model.megabytes', show(bytes / 1e6, 1)],
    ['model.side', String(picture.side)],
    ['model.tokens_per_frame', String(tokensPerFrame)],
    ['model.layers', String(decoder.layers)],
    ['model.hidden_size', String(decoder.hiddenSize)],
    ['model.context', decoder.maxContext.toLocaleString('en')],
    ['model.window', String(window)],
    ['model.fps', String(recommended.default.fps)],
  ];
}

function splitPlaces({ split }: Figures): Places {
  const questions = Object.entries(split.questions);
  const quick = split.quick === null ? '' : `, only the first ${split.quick} questions of each task`;
  return [
    ['split.clips', String(split.clips)],
    ['split.note', `${split.clips} clips${quick}`],
    ...questions.map(([task, count]) => [`split.${task}`, String(count)] as const),
  ];
}

function figurePlaces({ variants, silence, threshold_curve: curve, second }: Figures): Places {
  const { answering, proactive, captions, grounding, highlights } = variants['model'] ?? {};
  const chosen = grounding?.chosen;
  const origin = chosen?.origin === 'development' ? 'chosen on a development split' : 'fixed beforehand';
  return [
    ['in_span', withRange(answering?.in_span, answering?.in_span_range)],
    ['pauc', show(proactive?.pauc, 3)],
    ['pauc_by_question', withRange(proactive?.pauc_by_question, proactive?.pauc_by_question_range, 3)],
    ['silence.pauc', show(silence.pauc, 3)],
    ['omega', show(proactive?.omega, 1)],
    ['gold_answers', String(answering?.gold_answers ?? 0)],
    ['unanswerable', String(answering?.unanswerable ?? 0)],
    ['kept_silent', percent(answering?.kept_silent)],
    ['gold_duplicates', percent(answering?.gold_duplicate_ratio)],
    ['told_again', percent(answering?.told_again_ratio)],
    ['latency', show(answering?.first_reply_latency, 1)],
    ['meteor_tier', captions?.meteor_tier ?? '-'],
    ['grounding.choice', `window ${chosen?.window ?? '-'}, threshold ${show(chosen?.threshold)}, ${origin}`],
    ['highlights.choice', `window ${highlights?.window ?? '-'}, ${origin}`],
    ['threshold', show(curve?.recommended)],
    [
      'second.note',
      second === null ? 'No second build was compared.' : `The second build is in ${second.precision}.`,
    ],
  ];
}

function tablePlaces(figures: Figures): Places {
  const { slices, telling } = figures;
  return [
    ['table.answering', answeringTable(figures)],
    ['table.captions', captionTable(figures)],
    ['table.scores', scoresTable(figures)],
    ['table.settings', settingsTable(figures)],
    ['telling', tellingTable(telling['all'])],
    ['telling.question_kind', tellingTable(telling['question_kind'])],
    ['telling.language', tellingTable(telling['language'])],
    ['telling.clip_length', tellingTable(telling['clip_length'])],
    ['slices.event_kind', sliceTable(slices['event_kind'], 'answers')],
    ['slices.question_kind', sliceTable(slices['question_kind'], 'questions')],
    ['slices.language', sliceTable(slices['language'], 'questions')],
    ['slices.clip_length', sliceTable(slices['clip_length'], 'questions')],
    ['slices.time_of_asking', sliceTable(slices['time_of_asking'], 'questions')],
  ];
}

function measuredPlaces({ measured }: Figures): Places {
  const { frames_per_second: speed } = measured;
  return [
    ['measured.fps', show(speed.one_by_one, 0)],
    ['measured.fps_in_batches', show(speed.in_batches, 0)],
    ['measured.batch', String(speed.batch)],
    ['measured.processor', measured.processor],
    ['measured.cores', String(measured.cores)],
    ['measured.in_span_at_delivery', show(measured.in_span_at_delivery)],
    ['measured.pauc_at_delivery', show(measured.pauc_at_delivery, 3)],
  ];
}
