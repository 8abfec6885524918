import { expect, test } from 'vitest';
import { readModel } from '../../../client/page/server/models.js';
import { spentText } from '../../../client/page/stage/remote-line.js';
import { reduce } from '../../../client/page/state/reduce.js';
import { modelAtWork, suggestionsFor, suitedTo } from '../../../client/page/state/suited-model.js';
import {
  emptyView,
  type ChosenVideo,
  type DuetView,
  type ShownModel,
} from '../../../client/page/state/view.js';

const model = (name: string, footage: ShownModel['footage'], ...suggestions: string[]): ShownModel => ({
  ...{ name, footage, suggestions, tasks: ['default'], sees: null, host: null },
});
const sight = model('sight', 'real', 'How many people are there?', 'Who comes in?', 'And now?', 'Too much?');
const nano = model('nano', 'rendered', 'What shows up?');

const clip: ChosenVideo = {
  ...{ title: 'Street', source: { type: 'sample', name: 'street' }, playUrl: '/street.mp4' },
  ...{ questions: ['Watch the bus.', 'Watch the bus.'], footage: 'rendered' },
};
const webcam: ChosenVideo = {
  ...{ title: 'Webcam', source: { type: 'pictures' }, playUrl: null, questions: [], footage: 'real' },
};

const view = (changes: Partial<DuetView>): DuetView => ({ ...emptyView, models: [sight, nano], ...changes });

test('a video is watched by the model made for what it shows, unless the person wants another', () => {
  expect(suitedTo(view({ video: webcam }))).toBe(sight);
  expect(suitedTo(view({ video: clip }))).toBe(nano);
  expect(suitedTo(view({ video: clip, wantedModel: 'sight' }))).toBe(sight);
  expect(suitedTo(view({ video: clip, wantedModel: 'gone' }))).toBe(nano);
  expect(suitedTo(view({ video: clip, models: [sight] }))).toBe(sight);
  expect(suitedTo(view({ video: clip, models: [] }))).toBeNull();
});

test('the model at work is that of the session, and before it the one to come', () => {
  expect(modelAtWork(view({}))).toBeNull();
  expect(modelAtWork(view({ video: webcam }))).toBe(sight);
  expect(modelAtWork(view({ video: webcam, model: 'nano' }))).toBe(nano);
  expect(modelAtWork(view({ video: webcam, model: 'unlisted' }))).toBeNull();
});

test('questions come with the video, if its model was made for it, else with the model; three at most', () => {
  expect(suggestionsFor(view({}))).toEqual([]);
  expect(suggestionsFor(view({ video: clip }))).toEqual(['Watch the bus.']);
  expect(suggestionsFor(view({ video: clip, model: 'sight' }))).toEqual(sight.suggestions.slice(0, 3));
  expect(suggestionsFor(view({ video: webcam }))).toEqual(sight.suggestions.slice(0, 3));
  expect(suggestionsFor(view({ video: clip, models: [] }))).toEqual(['Watch the bus.']);
});

test('a model speaks of itself in the language of the page, else in English', () => {
  const listed = {
    ...{ name: 'sight', footage: 'rendered', tasks: ['default', 7] },
    sees: { en: 'Sees dogs.', fr: 'Voit des chiens.' },
    suggestions: { en: ['A dog?'], fr: ['Un chien ?'] },
  };
  const [french] = readModel(listed, 'fr-CA');
  expect(french).toMatchObject({ footage: 'rendered', tasks: ['default'], sees: 'Voit des chiens.' });
  expect(french?.suggestions).toEqual(['Un chien ?']);
  expect(readModel(listed, 'zh')).toMatchObject([{ sees: 'Sees dogs.', suggestions: ['A dog?'] }]);
});

test('the page knows where the pictures of a model behind an API go, and what a session has cost', () => {
  const listed = { name: 'vllm/fake', remote: { host: 'gpu.example:8000', decides: null } };
  expect(readModel(listed, 'en')).toMatchObject([{ host: 'gpu.example:8000' }]);
  const spent = {
    type: 'session.spent',
    ...{ seq: 4, elapsed_ms: 9, video_time: 3 },
    ...{ calls: 1, calls_last_minute: 1, input_tokens: 900, output_tokens: 3, dollars: 0.0031, budget: 2 },
  } as const;
  expect(reduce(emptyView, spent).spent).toBe(spent);
  const frame = { seq: 5, elapsed_ms: 9, video_time: 3, frame_index: 2 };
  const unscored = { type: 'frame.unscored', ...frame, reason: 'budget', message: 'it is spent' } as const;
  expect(reduce(emptyView, unscored).undecided).toBe('it is spent');
  const still = { type: 'frame.unscored', ...frame, reason: 'unchanged', message: null } as const;
  expect(reduce(emptyView, still)).toBe(emptyView);
  expect(spentText(spent)).toBe('1 request, 1 in the last minute, $0.0031 of $2');
  expect(spentText({ ...spent, calls: 2, dollars: null })).toBe('2 requests, 1 in the last minute');
});

test('a model of a server that says nothing but its name is taken as it is; an entry without a name is dropped', () => {
  const bare = { name: 'old', footage: 'real', sees: null, tasks: [], suggestions: [], host: null };
  expect(readModel({ name: 'old', footage: 'painted', sees: 7 }, 'en')).toEqual([bare]);
  expect([readModel({}, 'en'), readModel(null, 'en')]).toEqual([[], []]);
});
