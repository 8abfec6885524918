import { Option, type Command } from 'commander';
import { z } from 'zod';
import type { Benchmark, GivenRules } from '../../scoring/benchmark.js';
import { numberBetween, wholeBetween, wholeNumber } from './number-flags.js';

const shared = {
  description: z.string(),
  value: z.string().default('value'),
  filesOnly: z.boolean().default(false),
};

/** A rule as the schema of a benchmark's rules describes it. */
const ruleSchema = z.discriminatedUnion('type', [
  z.object({ ...shared, type: z.literal('boolean'), default: z.boolean() }),
  z.object({
    ...shared,
    type: z.literal('string'),
    enum: z.array(z.string()).optional(),
    default: z.string().optional(),
  }),
  z.object({
    ...shared,
    type: z.enum(['integer', 'number']),
    minimum: z.number(),
    maximum: z.number(),
    default: z.number().optional(),
  }),
]);
type Rule = z.output<typeof ruleSchema>;

const rulesSchema = z.object({ properties: z.record(z.string(), ruleSchema) });

/** Adds the flags of a benchmark's rules; some apply only to files made elsewhere. */
export function addRuleOptions(command: Command, { rules }: Benchmark, scored: 'run' | 'files'): Command {
  const { properties } = rulesSchema.parse(z.toJSONSchema(rules, { io: 'input' }));
  for (const [name, rule] of Object.entries(properties)) {
    if (scored === 'files' || !rule.filesOnly) command.addOption(optionOf(name, rule));
  }
  return command;
}

/** The rules among the flags of a command. */
export function rulesOf({ rules }: Benchmark, flags: Readonly<Record<string, unknown>>): GivenRules {
  const given = Object.entries(flags).filter(([name]) => Object.hasOwn(rules.shape, name));
  return Object.fromEntries(given);
}

function optionOf(name: string, rule: Rule): Option {
  const dashed = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  // A rule that is on by default gets a `--no-` flag.
  if (rule.type === 'boolean') {
    return new Option(`--${rule.default ? 'no-' : ''}${dashed}`, rule.description);
  }
  const option = new Option(`--${dashed} <${rule.value}>`, rule.description);
  if (rule.default !== undefined) option.default(rule.default);
  if (rule.type === 'string') return rule.enum === undefined ? option : option.choices(rule.enum);
  return option.argParser(numberParser(rule));
}

function numberParser({
  type,
  minimum,
  maximum,
}: Extract<Rule, { minimum: number }>): (text: string) => number {
  if (type === 'number') return numberBetween(minimum, maximum);
  // In JSON Schema, integers without a limit get that of doubles.
  return maximum === Number.MAX_SAFE_INTEGER ? wholeNumber : wholeBetween(minimum, maximum);
}
