import type { RealResults, RealVariantFigures } from '../real/collect-real.js';
import { realVariants } from '../real/real-variants.js';
import type { RealFigures } from '../real/score/totals.js';
import { percent, show, table } from './show.js';

/** What a card's template may name of the real clips. */
export function realPlaces(real: RealResults | null): readonly (readonly [name: string, text: string])[] {
  const parts = { note: noteOf, events: eventsTable, told: toldTable, languages: languagesTable };
  return Object.entries({ ...parts, answers: answersTable, mistakes: mistakesList }).map(([name, write]) => [
    `real.${name}`,
    real === null ? 'Not measured on real clips.' : write(real),
  ]);
}

/** All figures of the real clips as text. */
export function realReport(real: RealResults): string {
  return realPlaces(real)
    .map(([, text]) => text)
    .join('\n\n');
}

function noteOf({ clips, seconds, variants }: RealResults): string {
  const { crowded, apart } = variants.model ?? {};
  return (
    `${clips} clips, ${show(seconds, 0)} s. Of the model's very same replies at other times ` +
    `${percent(crowded?.chance?.precision)} are right where something happens all the time ("crowded"), and ` +
    `${percent(apart?.chance?.precision)} elsewhere: a share of right replies says something only beside that.`
  );
}

/** The variants as rows; those that were not played for the table are left out. */
function variantRows(
  { variants }: RealResults,
  row: (figures: RealVariantFigures) => readonly string[] | null,
): readonly (readonly string[])[] {
  return realVariants(true).flatMap(({ name, title }) => {
    const figures = variants[name];
    const cells = figures === undefined ? null : row(figures);
    return cells === null ? [] : [[title, ...cells]];
  });
}

/** Narration without a question. */
function eventsTable(real: RealResults): string {
  const titles = (group: string): readonly string[] => [
    ...[`${group}: told`, 'one to one', 'replies right', 'by chance'],
  ];
  const cells = ({ recall, recall_one_to_one: own, precision, chance }: RealFigures): readonly string[] => [
    ...[percent(recall), percent(own), percent(precision), percent(chance?.precision)],
  ];
  const rows = variantRows(real, ({ crowded, apart, empty }) => [
    ...[...cells(crowded), ...cells(apart), show(empty.false_a_minute)],
  ]);
  const head = ['', ...titles('crowded clips'), ...titles('other clips'), 'false a minute on the empty clip'];
  return table(head, rows);
}

const standing = [
  ['come', '"Tell me when a dog comes in."'],
  ['go', '"Tell me when a dog leaves."'],
  ['never', 'of what never comes'],
  ['thing', '"What does the dog do?"'],
] as const;

/** Standing questions. */
function toldTable(real: RealResults): string {
  const rows = variantRows(real, ({ told }) => {
    if (Object.keys(told).length === 0) return null;
    return standing.flatMap(([kind]) => {
      const figures = told[kind];
      if (figures === undefined) return ['-', '-', '-'];
      return [percent(figures.recall), percent(figures.precision), String(figures.false_replies)];
    });
  });
  const titles = standing.flatMap(([, title]) => [`${title} told`, 'replies right', 'false']);
  return table(['', ...titles], rows);
}

/** One question in every language: events told of those that were to be told, and other replies. */
function languagesTable(real: RealResults): string {
  const languages = Object.keys(real.variants.model?.languages ?? {});
  const rows = variantRows(real, ({ languages: own }) => {
    if (Object.keys(own).length === 0) return null;
    return languages.map((language) => {
      const figures = own[language];
      return figures === undefined ? '-' : `${percent(figures.recall)} and ${figures.false_replies}`;
    });
  });
  return table(['', ...languages], rows);
}

/** Questions about now. */
function answersTable(real: RealResults): string {
  const rows = variantRows(real, ({ counts, places }) => {
    if (counts === null) return null;
    const { answered, exact, within_one: withinOne } = counts;
    const place = [percent(places?.answered), percent(places?.right)];
    return [percent(answered), percent(exact), percent(withinOne), ...place];
  });
  const titles = ['"How many people are there?" answered', 'exact', 'within one'];
  return table(['', ...titles, '"What is on the left?" answered', 'right'], rows);
}

function mistakesList({ mistakes }: RealResults): string {
  if (mistakes.length === 0) return 'None on these clips.';
  const lines = mistakes.map(({ video, time, question, reply, reason }) => {
    const asked = question === null ? '' : `, to "${question}"`;
    return `- ${video}, ${show(time, 1)} s${asked}: "${reply}" (${reason})`;
  });
  return lines.join('\n');
}
