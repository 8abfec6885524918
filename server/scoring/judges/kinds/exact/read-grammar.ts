import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fieldName, fileFault } from '../../../data/json/file-fault.js';
import { lineOfOffset, offsetOfPath } from '../../../data/json/read-json.js';
import { checkValue, parseJson } from '../../../data/json/parse-json.js';
import { readingFault } from '../../../data/json/read-lines.js';
import { grammarSchema, type Grammar, type GrammarFields } from './grammar-schema.js';
import { distinctFacts, type Fact, type Meaning } from './meaning.js';
import { splitSentences } from './plain-words.js';
import { sentenceReader, type ReadSentence } from './sentence-reader.js';

/** Reads a grammar file. Throws, naming file, line and field, if it is invalid. */
export async function readGrammar(file: string): Promise<WorldReader> {
  const text = await readText(file);
  const source = { file, firstLine: 1, text };
  const grammar = checkValue(grammarSchema, parseJson(source), source);
  const readers = languageReaders(grammar, (path, problem) => {
    const line = lineOfOffset(text, offsetOfPath(text, path));
    return fileFault({ file, line, field: fieldName(path) }, problem);
  });
  return {
    name: grammar.name,
    hash: createHash('sha256').update(text).digest('hex'),
    fields: grammar.fields,
    read: (reply) => meaningOf(reply, readers),
  };
}

/** A grammar in use. */
export interface WorldReader {
  readonly name: string;
  /** SHA-256 of the grammar file, in hex. */
  readonly hash: string;
  readonly fields: GrammarFields;
  /** Parses a text sentence by sentence; the first language and pattern that match decide. */
  readonly read: (text: string) => Meaning;
}

async function readText(file: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (thrown) {
    throw readingFault(file, 1, thrown);
  }
}

function languageReaders(
  grammar: Grammar,
  fault: (path: readonly PropertyKey[], problem: string) => Error,
): ReadSentence[] {
  const stray = grammar.patterns.findIndex(({ language }) => !Object.hasOwn(grammar.languages, language));
  if (stray !== -1) throw fault(['patterns', stray, 'language'], 'is not among the languages');
  return Object.keys(grammar.languages).map((language) => sentenceReader(grammar, language, fault));
}

function meaningOf(text: string, readers: readonly ReadSentence[]): Meaning {
  const facts: Fact[] = [];
  let unread = 0;
  for (const sentence of new Set(splitSentences(text).map((each) => each.trim()))) {
    const read = firstReading(sentence, readers);
    if (read === null) unread += 1;
    else facts.push(...read);
  }
  return { facts: distinctFacts(facts), unread };
}

function firstReading(sentence: string, readers: readonly ReadSentence[]): readonly Fact[] | null {
  for (const read of readers) {
    const facts = read(sentence);
    if (facts !== null) return facts;
  }
  return null;
}
