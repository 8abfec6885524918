import { join } from 'node:path';
import { packageFolder } from '../../../../package-folder.js';
import { DuetError } from '../../../../errors.js';
import { onOneLine } from '../../../data/json/file-fault.js';
import type { Judge, JudgeCase, Rubric } from '../../judge.js';
import type { Meaning } from './meaning.js';
import { rateMeaning } from './rate-meaning.js';
import { readGrammar, type WorldReader } from './read-grammar.js';

/**
 * A judge that parses gold answer and reply with the grammar of a rendered world and compares their meanings.
 * Deterministic; needs no network and no model. Throws, naming file, line and field, for an invalid grammar.
 */
export async function openExactJudge(file: string, id: string): Promise<Judge> {
  const world = await readGrammar(file);
  const read = remembered(world.read);
  return {
    id,
    comparable: false,
    caveat: `reads only the sentences of the rendered world "${world.name}"`,
    // The grammar plays the part of a prompt.
    promptHash: world.hash,
    rejects: true,
    // Within a promise, so that errors become rejections.
    rate: (judgeCase, rubric) => Promise.resolve().then(() => replyTo(judgeCase, rubric, read, world)),
  };
}

/** The grammar of the world that the bundled model was trained on. */
export const bundledGrammar = join(packageFolder, 'models', 'duet-nano', 'grammar.json');

/** A reply that cannot be parsed gets no rating: it counts as unparsable and scores 1. */
function replyTo(
  { gold, prediction }: JudgeCase,
  rubric: Rubric,
  read: WorldReader['read'],
  world: WorldReader,
): string {
  const truth = read(gold);
  if (truth.unread > 0 || truth.facts.length === 0) throw notOfThisWorld(gold, world);
  const said = read(prediction);
  if (said.facts.length > 0) return String(rateMeaning(truth, said, world.fields, rubric));
  // In coverage a reply without a rating would be skipped, which is better than a wrong one.
  return rubric === 'coverage' ? 'not a sentence of this world; rating: 1' : 'not a sentence of this world';
}

function notOfThisWorld(gold: string, { name }: WorldReader): DuetError {
  const message =
    `the gold answer ${JSON.stringify(gold)} is not a sentence of the grammar "${name}"; judge ` +
    'with its own grammar (exact:<grammar.json>) or with another judge';
  return new DuetError('invalid_request', onOneLine(message));
}

/** Most texts whose meaning is remembered; gold answers recur. */
const mostRemembered = 10_000;

function remembered(read: WorldReader['read']): WorldReader['read'] {
  const known = new Map<string, Meaning>();
  return (text) => {
    const meaning = known.get(text) ?? read(text);
    if (known.size >= mostRemembered) known.clear();
    known.set(text, meaning);
    return meaning;
  };
}
