import { z } from 'zod';

const named = z.union([z.int().min(0), z.string()]);
const textPlace = z.int().min(0);
const requestSchema = z.object({
  name: named,
  /** How it moves, and where; null: anyhow, anywhere. */
  only: z.enum(['coming', 'going']).nullable(),
  at: z.enum(['left', 'middle', 'right']).nullable(),
  /** The place of the text that asked for it. */
  text: textPlace,
});

const wantedSchema = z.union([z.enum(['nothing asked', 'anything']), z.array(requestSchema)]);

const aboutSchema = z.object({
  text: textPlace,
  names: z.array(named),
  places: z.array(z.enum(['left', 'middle', 'right'])),
});

/** What a grounded conversation stands at. It is never changed, so that one can return to it. */
export const groundedMindSchema = z.object({
  /** What the last text names; null: it asks for nothing now, is answered, or long ago. */
  asked: aboutSchema
    .extend({
      /** Frames since then, and those of them in which it could have been answered. */
      frames: z.int().min(0),
      chances: z.int().min(0),
      /** Whether it surely asks about those, so that an answer is due. */
      isQuestion: z.boolean(),
      /** What was wanted before it. */
      before: wantedSchema,
    })
    .nullable(),
  /** The question that stands and is answered again when its answer is another one. */
  repeated: aboutSchema
    .extend({
      /** What its last answer depended on, and what that has changed to since when. */
      told: z.string(),
      change: z.object({ to: z.string(), since: z.number() }).nullable(),
    })
    .nullable(),
  /** The place of the newest text that asks for everything; null: none does. */
  narrates: textPlace.nullable(),
  /** What the informative head said of the newest frames since then and since the last reply. */
  lately: z.array(z.number()),
  /** The things that were asked for. */
  wanted: wantedSchema,
  /** The languages of the texts, as far as their words tell; none: any. */
  languages: z.array(z.string()),
});

/** See {@link groundedMindSchema}. */
export type GroundedMind = z.infer<typeof groundedMindSchema>;

/** The mind at the beginning of a conversation, before anything was asked: what it says then is English. */
export const groundedBeginning: GroundedMind = {
  ...{ asked: null, repeated: null, narrates: null, lately: [], wanted: 'nothing asked', languages: ['en'] },
};

/** Something that a text has asked to be told of. */
export type EventRequest = z.infer<typeof requestSchema>;
