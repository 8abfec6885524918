import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { connectDuet, type DuetClient } from '../../client/sdk/index.js';
import { type ServerMessage } from '../../server/protocol/server-messages.js';
import { sessionEventSchema, type WireEvent } from '../../server/protocol/session-events.js';
import { temporaryFolder } from '../transport/test-server.js';
import { DuetProcess, runDuet } from './duet-process.js';

const left = 'What happens on the left?';
const right = 'What happens on the right?';

async function serve(model = 'duet-nano'): Promise<string> {
  const folder = await temporaryFolder();
  const environment = { TMPDIR: folder, TEMP: folder, TMP: folder };
  const duet = new DuetProcess(['serve', '--model', model, '--port', '0', '--workers', '1'], environment);
  const [, url = ''] = await duet.says(/listening on (http:\S+)/);
  return `${url.replace('http', 'ws')}/v1/duet`;
}

async function openOn(url: string): Promise<DuetClient> {
  const client = connectDuet(url, { webSocket: WebSocket });
  // One frame a call, so that sessions agree to the bit.
  await client.open({ settings: { batch_limit: 1 } });
  return client;
}

type Of<Type extends ServerMessage['type']> = Extract<ServerMessage, { type: Type }>;

/** Reads on until a message of a type; returns everything on the way. */
async function until(client: DuetClient, type: ServerMessage['type']): Promise<ServerMessage[]> {
  const heard: ServerMessage[] = [];
  for await (const message of client) {
    heard.push(message);
    if (message.type === type) return heard;
    if (message.type === 'error') throw new Error(message.message);
  }
  throw new Error(`the session ended without ${type}`);
}

function of<Type extends ServerMessage['type']>(messages: readonly ServerMessage[], type: Type): Of<Type>[] {
  return messages.filter((message): message is Of<Type> => message.type === type);
}

/** Watches the street with questions by id; returns what was said, as time and text by question. */
async function watchWith(url: string, questions: Readonly<Record<string, string>>) {
  const client = await openOn(url);
  for (const [id, text] of Object.entries(questions)) client.addQuestion(text, { id });
  client.startSource({ type: 'sample', name: 'street' }, { pacing: 'fast' });
  const heard = await until(client, 'source.ended');
  await client.close();
  return of(heard, 'response.done').map((done) => [done.question_id, done.video_time, done.text] as const);
}

test('each of two questions is answered as if it were the only one, and its replies name it', async () => {
  const url = await serve();
  const both = await watchWith(url, { left, right });
  for (const [id, text] of Object.entries({ left, right })) {
    const alone = await watchWith(url, { [id]: text });
    expect(alone.length).toBeGreaterThan(0);
    expect(both.filter(([questionId]) => questionId === id)).toEqual(alone);
  }
  expect(new Set(both.map(([questionId]) => questionId))).toEqual(new Set(['left', 'right']));
});

const [narration, count, sign] = [
  'What is happening?',
  'How many people are there?',
  'What does the sign say?',
];

/**
 * What duet-sight says in the first fourteen seconds of photographs of a cat and people, by the question's
 * text.
 */
async function watchGallery(url: string, ask: (client: DuetClient) => void) {
  const client = connectDuet(url, { webSocket: WebSocket });
  await client.open();
  ask(client);
  client.startSource({ type: 'sample', name: 'gallery' }, { pacing: 'fast', max_frames: 56 });
  const heard = await until(client, 'source.ended');
  await client.close();
  const texts = new Map(of(heard, 'user.text.inserted').map(({ question_id, text }) => [question_id, text]));
  return of(heard, 'response.done').map((done) => [texts.get(done.question_id ?? ''), done.text]);
}

test('each reply of duet-sight names what asked for it: asked apart, or said one after the other', async () => {
  const url = await serve('duet-sight');
  const events = [
    [narration, 'A cat comes in from the right.'],
    [narration, 'A person comes in from the right.'],
    [narration, 'A cat leaves to the left.'],
    [narration, 'A person comes in from the right.'],
  ];
  const apart = await watchGallery(url, (client) => {
    client.addQuestion(narration);
    client.addQuestion(count);
  });
  expect(apart.filter(([question]) => question === narration)).toEqual(events);
  expect(apart.filter(([question]) => question !== narration)).toEqual([
    [count, 'There are no people.'],
    [count, 'There is one person.'],
    [count, 'There are two people.'],
  ]);
  const together = await watchGallery(url, (client) => {
    for (const text of [sign, narration, count]) client.say(text);
  });
  expect(together).toEqual([
    [sign, 'I see nothing that I can read.'],
    [count, 'There are no people.'],
    ...events,
  ]);
});

test('questions are listed and removed while the video plays, and what is wrong is refused with a remedy', async () => {
  const client = await openOn(await serve());
  for (const [index, text] of [left, right, 'What is red?', 'What jumps?'].entries()) {
    client.addQuestion(text, { id: `q${index}`, threshold: 0.3 });
  }
  const [, ...refused] = [
    client.listQuestions(),
    client.addQuestion('One too many?'),
    client.removeQuestion('unknown'),
  ];
  const heard: ServerMessage[] = [];
  for await (const message of client) {
    heard.push(message);
    if (of(heard, 'error').length === 2) break;
  }
  expect(of(heard, 'question.listed')[0]?.questions).toMatchObject([
    { question_id: 'q0', text: left, threshold: 0.3 },
    ...[{ question_id: 'q1' }, { question_id: 'q2' }, { question_id: 'q3' }],
  ]);
  expect(of(heard, 'error').map(({ client_event_id, code }) => [client_event_id, code])).toEqual([
    [refused[0], 'invalid_request'],
    [refused[1], 'not_found'],
  ]);
  expect(of(heard, 'error')[0]?.message).toContain('send question.remove for one of them first');
  client.startSource({ type: 'sample', name: 'street' }, { pacing: 'fast', max_frames: 4 });
  const first = await until(client, 'source.ended');
  expect(of(first, 'frame.scored')[0]?.questions.map(({ threshold }) => threshold)).toEqual([
    0.3, 0.3, 0.3, 0.3,
  ]);
  for (const id of ['q0', 'q2', 'q3']) client.removeQuestion(id);
  client.startSource({ type: 'sample', name: 'street' }, { pacing: 'fast' });
  const second = await until(client, 'source.ended');
  expect(of(second, 'question.removed').map(({ question_id }) => question_id)).toEqual(['q0', 'q2', 'q3']);
  expect(new Set(of(second, 'frame.scored').map(({ question_id }) => question_id))).toEqual(new Set(['q1']));
  await client.close();
});

test('replies that repeat are suppressed over the socket, and can be let through while it runs', async () => {
  const client = connectDuet(await serve(), { webSocket: WebSocket });
  await client.open({ settings: { cooldown: 0, repeat_after: 3 } });
  client.say('What is happening?');
  client.startSource({ type: 'sample', name: 'street' }, { pacing: 'fast' });
  const gated = await until(client, 'source.ended');
  const suppressed = of(gated, 'response.suppressed');
  expect(suppressed.length).toBeGreaterThan(0);
  const told = of(gated, 'response.done');
  for (const { repeats, text, response_id } of suppressed) {
    expect(told.find((done) => done.response_id === repeats)?.text).toBe(text);
    expect(of(gated, 'response.started').some((started) => started.response_id === response_id)).toBe(false);
  }
  client.update({ repeat_after: 0 });
  client.startSource({ type: 'sample', name: 'street' }, { pacing: 'fast' });
  const open = await until(client, 'source.ended');
  expect(of(open, 'response.suppressed')).toEqual([]);
  expect(of(open, 'response.done').length).toBeGreaterThan(told.length);
  await client.close();
});

test('duet watch --question watches for each, with a threshold of its own', async () => {
  const questions = ['--question', left, '--question', `0.4:${right}`];
  const { stdout, stderr, exitCode } = await runDuet(['watch', 'street', ...questions, '--json']);
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  const events: WireEvent[] = stdout
    .trimEnd()
    .split('\n')
    .map((line) => sessionEventSchema.parse(JSON.parse(line)));
  expect(of(events, 'question.added')).toMatchObject([
    { text: left, threshold: null },
    { text: right, threshold: 0.4 },
  ]);
  const ids = new Set(of(events, 'response.done').map(({ question_id }) => question_id));
  expect(ids).toEqual(new Set(['question_1', 'question_2']));
});
