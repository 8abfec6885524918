import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sentencesSchema } from '../../../server/runtime/detector/sentences.js';
import { packageFolder } from '../../../server/package-folder.js';

/** The sentences of duet-sight. */
export const sentenceBook = sentencesSchema.parse(
  JSON.parse(readFileSync(join(packageFolder, 'models/duet-sight/sentences.json'), 'utf8')),
);
