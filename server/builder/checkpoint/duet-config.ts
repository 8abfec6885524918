import { z } from 'zod';
import { manifestSchema } from '../../runtime/folder/manifest.js';
import type { Manifest } from '../../runtime/folder/manifest.js';

/** The system prompt with which MMDuet was trained. */
const trainedSystemPrompt =
  'A multimodal AI assistant is helping users with some activities. Below is their conversation, interleaved with the list of video frames received by the assistant.';

const defaultTask = {
  fps: 2,
  heads: ['informative', 'relevance'],
  policy: { type: 'threshold', threshold: 0.5 },
  assistantTurns: 'remove',
  cooldown: 0,
} as const satisfies Manifest['recommended']['default'] | object;

const fields = manifestSchema.shape;

/** Optional `duet` object of config.json: what the model's maker wants in the manifest besides the sizes. */
export const duetConfigSchema = z.strictObject({
  name: fields.name.optional(),
  version: fields.version.default('0.0.0'),
  description: fields.description,
  recommended: fields.recommended.prefault({
    default: { ...defaultTask, heads: [...defaultTask.heads] },
  }),
  systemPrompt: fields.systemPrompt.default(trainedSystemPrompt),
  promptLayout: fields.promptLayout.default('trained'),
});
