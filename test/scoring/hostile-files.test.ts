import { describe, expect, test } from 'vitest';
import { asLines, cleanRuns, type CleanItem, type CleanRun } from './support/clean-runs.js';
import { scoreFiles, type Outcome } from './support/score-files.js';
import { temporaryFiles } from './support/temporary-files.js';

const modes = ['compat', 'strict'] as const;

interface Texts {
  readonly gold: string;
  readonly pred: string;
}

async function scoreTexts(
  { task, flags }: CleanRun,
  mode: string,
  texts: Texts,
  more: readonly string[] = [],
): Promise<Outcome> {
  using files = temporaryFiles();
  const paths = [
    '--gold',
    files.write('gold.json', texts.gold),
    '--pred',
    files.write('pred.jsonl', texts.pred),
  ];
  return await scoreFiles(task, [...paths, '--mode', mode, ...flags, ...more]);
}

const textsOf = ({ gold, pred }: CleanRun): Texts => ({ gold: asLines(gold), pred: asLines(pred) });

const cases = cleanRuns.flatMap((run) => modes.map((mode) => ({ run, mode, task: run.task })));

/** What a report says beside the names of the files. */
function figuresOf(outcome: Outcome): unknown {
  if (outcome.type === 'refused') return outcome.message;
  return outcome.report;
}

/** Renames the questions of a run. */
function renamed({ gold, pred, ...run }: CleanRun, nameOf: (index: number) => string | number): CleanRun {
  const rename = (items: readonly CleanItem[]) =>
    items.map((item, index) => {
      // Assigned by definition: the name may be that of a prototype.
      const key = 'qid' in item ? 'qid' : 'question_id';
      return Object.fromEntries(
        Object.entries(item).map(([field, value]) => [field, field === key ? nameOf(index) : value]),
      );
    });
  return { ...run, gold: rename(gold), pred: rename(pred) };
}

describe.each(cases)('files of $task in $mode mode', ({ run, mode }) => {
  const clean = scoreTexts(run, mode, textsOf(run));

  test('are scored, all of them', async () => {
    expect(await clean).toMatchObject({
      type: 'scored',
      report: { counts: { n_gold: 3, n_predictions: 3 } },
    });
  });

  test.each<[string, (texts: Texts) => Texts]>([
    ['a mark of the byte order', ({ gold, pred }) => ({ gold: `\ufeff${gold}`, pred: `\ufeff${pred}` })],
    [
      'line ends of Windows',
      ({ gold, pred }) => ({
        gold: gold.replaceAll('\n', '\r\n'),
        pred: `${pred.replaceAll('\n', '\r\n')}\r\n`,
      }),
    ],
    [
      'blank lines',
      ({ gold, pred }) => ({ gold: `\n\n${gold}\n \n`, pred: `\n${pred.replaceAll('\n', '\n\n \n')}\n\n` }),
    ],
    ['annotations in a list', ({ gold, pred }) => ({ gold: `[${gold.replaceAll('\n', ',\n')}]`, pred })],
    [
      'fields nobody knows',
      ({ gold, pred }) => ({
        gold,
        pred: pred.replaceAll('{"question_id"', '{"__proto__":{"time":1},"x":[{}],"question_id"'),
      }),
    ],
    [
      'very deep nesting in a field nobody knows',
      ({ gold, pred }) => ({
        gold,
        pred: pred.replace('{"question_id"', `{"x":${'['.repeat(2000)}${']'.repeat(2000)},"question_id"`),
      }),
    ],
    [
      'a line of ten megabytes',
      ({ gold, pred }) => ({
        gold,
        pred: pred.replace('{"question_id"', `{"x":"${'y'.repeat(1e7)}","question_id"`),
      }),
    ],
  ])('give the same figures with %s', async (_name, change) => {
    expect(figuresOf(await scoreTexts(run, mode, change(textsOf(run))))).toEqual(figuresOf(await clean));
  });

  test.each([
    ['of prototypes', (index: number) => ['__proto__', 'constructor', 'toString'][index] ?? ''],
    ['with half a character', (index: number) => `\ud800${index}\udfff`],
    ['with line ends and quotes', (index: number) => `"\n\u2028'${index},`],
    ['beyond exact numbers', (index: number) => ['9007199254740993', '1e308', '-0'][index] ?? ''],
    ['of numbers', (index: number) => [2 ** 53 - 1, -1, 0.5][index] ?? 0],
  ])('give the same figures for questions with names %s', async (_name, nameOf) => {
    const odd = await scoreTexts(run, mode, textsOf(renamed(run, nameOf)));
    const names = new Map([0, 1, 2].map((index) => [index, nameOf(index)]));
    const withNames = (outcome: Outcome) =>
      outcome.type === 'refused'
        ? outcome
        : { ...outcome.report, examples: outcome.report.examples.map(({ value }) => value), slices: {} };
    expect(names.size).toBe(3);
    expect(withNames(odd)).toEqual(withNames(await clean));
  });

  test.each<[string, (texts: Texts) => Texts, RegExp]>([
    ['an empty prediction file', ({ gold }) => ({ gold, pred: '' }), /holds no prediction|^$/],
    ['an empty annotation file', ({ pred }) => ({ gold: '', pred }), /gold\.json:1: .*holds no annotations/],
    [
      'an empty list of annotations',
      ({ pred }) => ({ gold: '[]', pred }),
      /no annotation|holds no prediction that can be scored/,
    ],
    [
      'half a line',
      ({ gold, pred }) => ({ gold, pred: pred.slice(0, -20) }),
      /pred\.jsonl:3: the JSON ends too early/,
    ],
    [
      'half an annotation',
      ({ gold, pred }) => ({ gold: gold.slice(0, -20), pred }),
      /gold\.json:3: the JSON ends too early/,
    ],
    [
      'a list for a line',
      ({ gold, pred }) => ({ gold, pred: `[${pred.replaceAll('\n', ',')}]` }),
      /pred\.jsonl:1: .*expected object/,
    ],
    ['nesting without end', ({ gold }) => ({ gold, pred: '['.repeat(500_000) }), /pred\.jsonl:1:/],
    [
      'annotations nested without end',
      ({ pred }) => ({ gold: '[{"a":'.repeat(200_000), pred }),
      /gold\.json:1:/,
    ],
    [
      'ten megabytes of no JSON',
      ({ gold, pred }) => ({ gold, pred: `${pred}\n${'{"a'.repeat(3_400_000)}` }),
      /pred\.jsonl:4:/,
    ],
    [
      'a question annotated twice',
      ({ gold, pred }) => ({ gold: `${gold}\n${gold.split('\n')[1] ?? ''}`, pred }),
      /gold\.json:4: field \w+: b\.mp4 is annotated twice, first on line 2/,
    ],
    [
      'another question',
      ({ gold, pred }) => ({ gold, pred: pred.replace('a.mp4', 'z.mp4') }),
      /no annotation: "z\.mp4"/,
    ],
    ['bytes of another coding', ({ gold, pred }) => ({ gold, pred: `${pred}\n\0` }), /pred\.jsonl:4:/],
  ])('are refused for %s, naming file and line', async (_name, change, message) => {
    const outcome = await scoreTexts(run, mode, change(textsOf(run)));
    // A system that never spoke writes an empty file, a result where missing predictions count.
    if (outcome.type === 'scored') {
      expect(outcome.report.counts['n_predictions']).toBeLessThanOrEqual(3);
      expect(
        (outcome.report.counts['n_missing'] ?? 0) + (outcome.report.counts['n_unknown'] ?? 0),
      ).toBeGreaterThan(0);
    } else expect(outcome.message).toMatch(message);
  });

  test('are refused in strict mode where a question is predicted twice, and counted otherwise', async () => {
    const { gold, pred } = textsOf(run);
    const outcome = await scoreTexts(run, mode, { gold, pred: `${pred}\n${pred.split('\n')[0] ?? ''}` });
    if (mode === 'strict')
      expect(outcome).toMatchObject({
        type: 'refused',
        message: /pred\.jsonl:4: field question_id: a\.mp4 is predicted twice/,
      });
    else expect(outcome).toMatchObject({ type: 'scored', report: { counts: { n_duplicate: 1 } } });
  });
});

const numbers = [
  'NaN',
  'Infinity',
  '-Infinity',
  '1e999',
  '-1e999',
  '"12"',
  'null',
  'true',
  '[1]',
  '{}',
  '0x10',
  '+1',
  '.5',
  '1.',
];

describe.each(cases)('numbers of $task in $mode mode', ({ run, mode }) => {
  const { gold, pred } = textsOf(run);
  /** The first time of a prediction or of an annotation. */
  const places: readonly (readonly [string, (value: string) => Texts])[] = [
    ['pred.jsonl', (value) => ({ gold, pred: pred.replace(/("time":)[\d.]+/, `$1${value}`) })],
    ['pred.jsonl', (value) => ({ gold, pred: pred.replace(/("video_duration":)\d+/, `$1${value}`) })],
    [
      'gold.json',
      (value) => ({
        gold: gold.replace(/("time":\[|timespan":\[|timestamps":\[\[|"duration":)\d+/, `$1${value}`),
        pred,
      }),
    ],
  ];

  test.each(numbers)('are refused where they are none, naming file, line and field: %s', async (value) => {
    for (const [file, put] of places) {
      const outcome = await scoreTexts(run, mode, put(value));
      if (outcome.type === 'refused')
        expect(outcome.message).toMatch(new RegExp(`${file.replace('.', '\\.')}:1: `));
      // A duration may be left out.
      else expect([value, file]).toEqual(['null', 'pred.jsonl']);
    }
  });

  test.each(['1e308', '-1e308', '9007199254740993', '-0', '5e-324', '-1', '1e15'])(
    'of any size are refused or keep the figures within their scales: %s',
    async (value) => {
      for (const [, put] of places) {
        const outcome = await scoreTexts(run, mode, put(value));
        if (outcome.type === 'refused') expect(outcome.message).toMatch(/(pred\.jsonl|gold\.json):1: field /);
        // Nothing is lost on the way; scoreFiles looks at the scales.
        else expect(outcome.report.counts['n_predictions']).toBe(3);
      }
    },
  );
});

describe.each(cases)('spans, turns and frames of $task in $mode mode', ({ run, mode, task }) => {
  const { gold, pred } = textsOf(run);

  test('are counted where they end before they start, and refused nowhere', async () => {
    if (task === 'highlight') return;
    const reversed = gold.replace(/(?<="(?:time|\w+_timespan)":|"timestamps":\[)\[(\d+),(\d+)\]/g, '[$2,$1]');
    expect(reversed).not.toBe(gold);
    const outcome = await scoreTexts(run, mode, { gold: reversed, pred });
    expect(outcome.type).toBe('scored');
    if (outcome.type === 'refused' || task === 'densecap') return;
    expect(outcome.report.counts['n_reversed_gold']).toBeGreaterThan(2);
  });

  test('may come twice; the figures stay within their scales', async () => {
    const twice = run.pred.map((item) =>
      Object.fromEntries(
        Object.entries(item).map(([name, value]) => [
          name,
          Array.isArray(value) ? value.flatMap((each: unknown) => [each, each]) : value,
        ]),
      ),
    );
    const outcome = await scoreTexts(run, mode, { gold, pred: asLines(twice) });
    // Two frames at the same time tell compat no frame rate.
    if (task === 'highlight' && mode === 'compat') {
      expect(outcome).toMatchObject({ type: 'refused', message: /pred\.jsonl:1: field debug_data: / });
    } else expect(outcome).toMatchObject({ type: 'scored', report: { counts: { n_predictions: 3 } } });
  });

  test('are refused in strict mode where frames run backwards', async () => {
    if (task !== 'grounding' && task !== 'highlight') return;
    const backwards = run.pred.map((item) => {
      const frames: unknown = item['debug_data'];
      return { ...item, debug_data: Array.isArray(frames) ? frames.toReversed() : [] };
    });
    const outcome = await scoreTexts(run, mode, { gold, pred: asLines(backwards) });
    if (mode === 'strict') {
      expect(outcome).toMatchObject({
        type: 'refused',
        message: /pred\.jsonl:1: field debug_data\[1\]\.time: .*sort the frames/,
      });
    }
  });
});
