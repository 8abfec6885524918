import { spawnSync } from 'node:child_process';
import { sessionEventSchema } from '../../server/protocol/session-events.js';
import { bundledGrammar } from '../../server/scoring/judges/kinds/exact/exact-judge.js';
import { readGrammar } from '../../server/scoring/judges/kinds/exact/read-grammar.js';

/** The bundled model on a bundled clip, by the command a newcomer types; a last look after the test suite. */
const run = spawnSync('npx', ['duet', 'watch', 'street', '--ask', 'What is happening?', '--json'], {
  encoding: 'utf8',
  shell: process.platform === 'win32',
});
const lines = run.stdout.split('\n').filter(Boolean);
const events = lines.map((line) => sessionEventSchema.parse(JSON.parse(line)));
const types = events.map((event) => event.type);
const numbers = events.map((event) => event.seq);
const { read } = await readGrammar(bundledGrammar);
const replies = events.flatMap((event) => (event.type === 'response.done' ? [read(event.text)] : []));
const understood = replies.filter(({ facts, unread }) => facts.length > 0 && unread === 0);

const expectations: readonly (readonly [sentence: string, holds: boolean])[] = [
  ['the command ends well', run.status === 0],
  ['every line on stdout is an event of the protocol', events.length > 0],
  [
    'events are numbered upwards',
    numbers.every((seq, index) => index === 0 || seq > (numbers[index - 1] ?? 0)),
  ],
  ['half a minute of frames is scored', types.filter((type) => type === 'frame.scored').length > 60],
  ['the model speaks', replies.length > 0],
  ['most of what it says are sentences of its world', understood.length > replies.length / 2],
  ['the source ends', types.includes('source.ended')],
];

const failed = expectations.filter(([, holds]) => !holds);
for (const [sentence, holds] of expectations) console.log(`${holds ? 'ok  ' : 'FAIL'} ${sentence}`);
if (failed.length > 0) console.error(run.stderr);
console.log(`smoke: ${expectations.length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;
