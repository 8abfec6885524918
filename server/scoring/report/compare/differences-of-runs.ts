import type { ScoredRun } from './scored-run.js';

/** Something other than the system in which two runs differ. */
interface RunDifference {
  readonly what: string;
  /** Whether the values of the examples mean different things, so that their difference means nothing. */
  readonly fatal: boolean;
  readonly message: string;
}

/** Options that affect only how long scoring takes. */
const harmless: readonly string[] = ['concurrency'];

/** Everything that was scored differently in two runs, fatal differences first. */
export function differencesOfRuns(first: ScoredRun, second: ScoredRun): readonly RunDifference[] {
  const compared: readonly (readonly [what: string, fatal: boolean, of: (run: ScoredRun) => unknown])[] = [
    ['task', true, (run) => run.task],
    ['metric', true, (run) => run.metric],
    ['mode', false, (run) => run.mode],
    ['judge', false, (run) => run.judge?.id],
    ["judge's prompt (hash)", false, (run) => run.judge?.promptHash],
    ...keysOf(first.versions, second.versions).map(
      (key) => [`metric version ${key}`, false, (run: ScoredRun) => run.versions[key]] as const,
    ),
    ...keysOf(first.options, second.options)
      .filter((key) => !harmless.includes(key))
      .map((key) => [`option ${key}`, false, (run: ScoredRun) => run.options[key]] as const),
  ];
  return compared.flatMap(([what, fatal, of]) => {
    const [one, other] = [written(of(first)), written(of(second))];
    if (one === other) return [];
    return [{ what, fatal, message: `${what} differs: ${one} in ${first.name}, ${other} in ${second.name}` }];
  });
}

type Fields = Readonly<Record<string, unknown>>;

function keysOf(first: Fields, second: Fields): string[] {
  return [...new Set([...Object.keys(first), ...Object.keys(second)])].sort();
}

/** One text for equal values, whatever the order of their keys; what is absent is the same as null. */
function written(value: unknown): string {
  return JSON.stringify(value ?? null, (_, member: unknown) => {
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([one], [other]) => (one < other ? -1 : 1)));
  });
}
