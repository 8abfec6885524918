import { z } from 'zod';

const name = z.string().min(1);
const forms = z.array(name).min(1, 'expected at least one form');

const fieldSchema = z.strictObject({
  /** The field's share of a fact. */
  weight: z.int().positive(),
  /** Whether facts that differ in this field are about different things and have nothing in common. */
  subject: z.boolean().default(false),
});

const slotSchema = z.strictObject({
  /** The field of the meaning that the slot fills, unless a pattern says `{slot as other field}`. */
  field: name,
  /** The forms in which each value may stand in a sentence; the first is the usual one. */
  values: z.record(z.string(), forms),
  /** Whether other words may stand there too; they mean themselves and equal none of the values. */
  open: z.boolean().default(false),
});

const meaningSchema = z.record(z.string(), z.string());

const listSchema = z.strictObject({
  /** Pattern of one item. */
  item: name,
  /** Words between items; commas are never needed. */
  joints: z.array(name).default([]),
  /** Words for an empty list. */
  empty: z.array(name).default([]),
  /** What an item means besides its slots. */
  meaning: meaningSchema,
});

const languageSchema = z.strictObject({
  /** Words that never matter. */
  articles: z.array(name).default([]),
  /** Words that may stand in front of a sentence without changing what it means. */
  fillers: z.array(name).default([]),
  slots: z.record(z.string(), slotSchema),
  /** Groups of words that patterns share, such as "[{size} ][{colour} ]{thing}"; they name slots only. */
  phrases: z.record(z.string(), name).default({}),
  lists: z.record(z.string(), listSchema).default({}),
});

const patternSchema = z.strictObject({
  language: name,
  pattern: name,
  meaning: meaningSchema,
  /** Whether the sentence says this of each item of its lists, instead of being a fact beside them. */
  each: z.boolean().default(false),
});

/** Schema of a grammar file: how the sentences of a rendered world are worded, and what they mean. */
export const grammarSchema = z.strictObject({
  format: z.literal(1, { error: 'expected the grammar format 1' }),
  name,
  fields: z.record(z.string(), fieldSchema).refine((fields) => Object.hasOwn(fields, 'kind'), {
    message: 'needs the field "kind", which every fact has',
  }),
  languages: z.record(z.string(), languageSchema),
  patterns: z.array(patternSchema).min(1, 'expected at least one pattern'),
});

/** A grammar as its file has it. */
export type Grammar = z.output<typeof grammarSchema>;

/** One language of a grammar. */
export type GrammarLanguage = z.output<typeof languageSchema>;

/** Weights of the fields, and which of them are the subject. */
export type GrammarFields = Grammar['fields'];
