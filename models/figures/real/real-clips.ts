import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const side = z.enum(['left', 'right', 'top', 'bottom']);
const place = z.enum(['left', 'middle', 'right']);

const eventSchema = z.strictObject({
  /** `present` and `count` are states, the others happen. */
  kind: z.enum(['enter', 'appear', 'leave', 'present', 'count']),
  /** A class of COCO, and others that may be said instead. */
  thing: z.string(),
  also: z.array(z.string()).default([]),
  /** Seconds: when it begins, and when it is complete or over. */
  start: z.number(),
  end: z.number(),
  /** Through which side it comes or goes. */
  side: side.optional(),
  /** In which third it is seen. */
  place: place.optional(),
  /** How many do it; absent: one, or for `present`, an unknown number. */
  count: z.int().optional(),
  /** Whether it counts neither way. */
  unsure: z.boolean().default(false),
  /** Whether it is true but need not be told. */
  optional: z.boolean().default(false),
  note: z.string().optional(),
});

const clipSchema = z.strictObject({
  video: z.string(),
  seconds: z.number(),
  /** Whether something happens all the time, so that blind talk is often right. */
  crowded: z.boolean(),
  labelled: z.string(),
  events: z.array(eventSchema),
});

const questionSchema = z.strictObject({
  id: z.string(),
  video: z.string(),
  /** `never`: to tell when something comes that never does. */
  kind: z.enum(['narrate', 'thing', 'come', 'go', 'never', 'count', 'place']),
  /** Absent where nobody asks anything. */
  text: z.string().optional(),
  time: z.number().default(0),
  /** The language of the text and of its answers; other than English, with the English text beside it. */
  language: z.enum(['en', 'fr', 'es', 'zh']).default('en'),
  english: z.string().optional(),
});

/** What happens in a clip of real pictures, or is the case there. */
export type RealEvent = z.output<typeof eventSchema>;
/** A labelled clip of real pictures. */
export type RealClip = z.output<typeof clipSchema>;
/** What is asked about one. */
export type RealQuestion = z.output<typeof questionSchema>;
/** A third of the picture. */
export type RealPlace = z.output<typeof place>;
/** An edge of the picture. */
export type RealSide = z.output<typeof side>;

/** The labelled clips, by name of the video. */
export async function readRealClips(): Promise<ReadonlyMap<string, RealClip>> {
  const truth = z.strictObject({ format: z.literal(1), clips: z.array(clipSchema) });
  const { clips } = truth.parse(await json('truth.json'));
  return new Map(clips.map((clip) => [clip.video, clip]));
}

/** The questions about them, in order. */
export async function readRealQuestions(): Promise<readonly RealQuestion[]> {
  return z.array(questionSchema).parse(await json('questions.json'));
}

async function json(name: string): Promise<unknown> {
  return JSON.parse(await readFile(join(import.meta.dirname, name), 'utf8'));
}
