import { expect, test } from 'vitest';
import { reduce } from '../../../client/page/state/reduce.js';
import { emptyView, type DuetView } from '../../../client/page/state/view.js';
import type { Action } from '../../../client/page/state/actions.js';
import { inserted, opened, sourceOpened, started } from '../wire-events.js';

const after = (...actions: Action[]): DuetView => actions.reduce(reduce, emptyView);
const place = { seq: 5, video_time: 0, elapsed_ms: 0 };
const added = (id: string, text: string): Action => ({
  ...{ type: 'question.added', ...place, question_id: id, text, threshold: null, client_event_id: null },
});
const removed = (id: string): Action => ({
  ...{ type: 'question.removed', ...place, question_id: id, client_event_id: null },
});

test('the questions that stand are those added or said, each once, until they are removed', () => {
  const asked = [
    ...[opened(), sourceOpened(), added('dog', 'A dog?')],
    ...[inserted({ question_id: 'dog', text: 'A dog?' }), inserted({ question_id: 'q2', text: 'And now?' })],
  ];
  expect(after(...asked).questions).toEqual([
    { id: 'dog', text: 'A dog?', isAdded: true, threshold: null },
    { id: 'q2', text: 'And now?', isAdded: false, threshold: null },
  ]);
  expect(after(...asked, removed('dog')).questions).toMatchObject([{ id: 'q2', text: 'And now?' }]);
  expect(after(...asked, opened()).questions).toEqual([]);
});

test('a reply says what it answers where there are several questions, and the model can tell', () => {
  const [one, two] = [
    inserted({ question_id: 'a', text: 'A dog?' }),
    inserted({ question_id: 'b', text: 'A cat?', client_event_id: 'c2' }),
  ];
  const answers = (...actions: Action[]): unknown => {
    const reply = after(opened(), ...actions).turns.at(-1);
    return reply?.type === 'reply' ? reply.answers : undefined;
  };
  expect(answers(one, started({ question_id: 'a' }))).toBeNull();
  expect(answers(one, two, started({ question_id: 'b' }))).toBe('A cat?');
  expect(answers(one, two, started({ question_id: null }))).toBeNull();
});

const textRefused = (clientEventId: string | null): Action => ({
  ...{ type: 'user.text.refused', seq: 9, video_time: 4, elapsed_ms: 9, question_id: null },
  ...{ text: 'hello', client_event_id: clientEventId, requested_time: null },
  ...{ code: 'context_full', message: 'shorten it' },
});

test('a text that the model refuses when its moment comes is marked, and the reason is shown', () => {
  const view = after(opened(), { type: 'local.say', eventId: 'c7', text: 'hello' }, textRefused('c7'));
  expect(view.turns).toMatchObject([{ refused: true, refusal: 'shorten it', videoTime: null }]);
});

test('a refused text that was not said on this page is shown too', () => {
  expect(after(opened(), textRefused(null)).turns).toMatchObject([
    { type: 'question', text: 'hello', refused: true, refusal: 'shorten it' },
  ]);
});
