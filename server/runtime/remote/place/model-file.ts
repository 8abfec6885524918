import { z } from 'zod';
import { footageKinds } from '../../../settings/footage.js';
import { enginePresetNames } from './presets.js';

const jsonSchema = z.record(z.string().max(100), z.json());

/** Far above any real one, and far below where sums stop being numbers. */
const price = z.number().min(0).max(1e6);

/** A JSON Schema, which engines check. */
export type ReplySchema = z.infer<typeof jsonSchema>;

/**
 * A model file: how a model behind an API is asked. Everything but the model has a default, and a preset
 * gives the address, the key and the ways of deciding. Unknown fields are refused, since a misspelt limit
 * would be none.
 */
export const modelFileSchema = z.strictObject({
  /** Default: none, and then `url` is needed. */
  preset: z.enum(enginePresetNames).exactOptional(),
  /** The model, as the engine calls it. */
  model: z.string().min(1).max(200),
  /** Base address, as in `http://127.0.0.1:8000/v1`. */
  url: z.string().min(1).max(2000).exactOptional(),
  /** The name by which clients ask for it. */
  name: z
    .string()
    .regex(/^[\w./:@-]{1,120}$/, 'expected letters, digits and . / : @ - _')
    .exactOptional(),
  /** The environment variable that holds the key. */
  keyVariable: z
    .string()
    .regex(/^[A-Za-z_]\w{0,99}$/, 'expected the name of an environment variable, not a key')
    .exactOptional(),
  /** How to decide; default: the first way that works with a picture. */
  decide: z
    .enum([
      'decisions',
      'systemone',
      'systemone-images',
      'systemone-assets',
      'labels',
      'report',
      'no-reply',
      'silence-token',
      'caption',
      'heads',
      'folded',
    ])
    .exactOptional(),
  /** The model that decides, where the engine has one of its own for that. */
  decisionModel: z.string().min(1).max(200).exactOptional(),
  /** What a model says that stays silent, for `silence-token`. */
  silences: z.array(z.string().min(1).max(100)).min(1).max(16).default(['...']),
  /**
   * MMDuet's heads, as `duet model fold --heads-only` writes them, for an engine that returns hidden states.
   */
  heads: z.string().min(1).max(4096).exactOptional(),
  /** `duet-fold.json` of the folded checkpoint that the engine serves. */
  folded: z.string().min(1).max(4096).exactOptional(),
  systemPrompt: z.string().min(1).max(8000).exactOptional(),
  footage: z.enum(footageKinds).default('real'),
  languages: z.array(z.string().min(2).max(35)).max(100).exactOptional(),
  /**
   * How many frames a second are looked at: sampled, or with a detector that sees more of them, asked about
   * at most.
   */
  fps: z.number().min(0.01).max(30).default(1),
  /** What the sum of the scores must exceed. */
  threshold: z.number().min(0).max(2).default(0.6),
  /** How many of the newest pictures are shown. */
  window: z
    .strictObject({
      decision: z.int().min(1).max(16).default(2),
      reply: z.int().min(1).max(32).default(6),
    })
    .prefault({}),
  picture: z
    .strictObject({
      /** Pixels of the longer side. */
      side: z.int().min(32).max(2048).default(448),
      /** Of the JPEG, from 1 to 100. */
      quality: z.int().min(1).max(100).default(80),
      /** The most tokens that one takes, for the budget. */
      tokens: z.int().min(1).max(100_000).default(1200),
    })
    .prefault({}),
  /** When to spare a request. */
  gate: z
    .strictObject({
      /** While the picture changes by less than this, from 0 to 1 ... */
      change: z.number().min(0).max(1).default(0.04),
      /** ... but not for longer than these seconds. */
      atLeastEvery: z.number().positive().max(86_400).default(30),
      /**
       * And, of pictures that change, while nothing comes or goes that the detector of this model folder
       * sees.
       */
      detector: z.string().min(1).max(4096).exactOptional(),
      /** Seconds for which the model may say that nobody needs to look; default: it is not asked. */
      lookAway: z.number().positive().max(3600).exactOptional(),
    })
    .prefault({}),
  limits: z
    .strictObject({
      /** In real time, seconds after which a decision is of no use. */
      decisionSeconds: z.number().min(0.1).max(120).default(5),
      /** Seconds until a reply must have begun, and for a decision that nobody waits for. */
      replySeconds: z.number().min(1).max(600).default(60),
      /** Requests of all sessions that may be out at once. */
      inFlight: z.int().min(1).max(256).default(8),
    })
    .prefault({}),
  /** Dollars per million tokens, and for each request. */
  prices: z
    .strictObject({
      input: price,
      output: price.default(0),
      call: price.default(0),
    })
    .exactOptional(),
  /** The JSON Schema that replies are to follow; default: plain words. */
  replySchema: jsonSchema.exactOptional(),
  /** What else goes into the body of every request. */
  request: z
    .record(
      z
        .string()
        .max(100)
        .regex(
          /^(?!(?:model|messages|stream)$)/,
          'expected no field that Duet sets: model, messages, stream',
        ),
      z.json(),
    )
    .default({}),
});

/** A model file as it is used. */
export type ModelFile = z.infer<typeof modelFileSchema>;
