import { expect, test } from 'vitest';
import { readModel } from '../../../client/page/server/models.js';
import { modelAtWork, suggestionsFor, suitedTo } from '../../../client/page/state/suited-model.js';
import {
  emptyView,
  type ChosenVideo,
  type DuetView,
  type ShownModel,
} from '../../../client/page/state/view.js';

const model = (name: string, footage: ShownModel['footage'], ...suggestions: string[]): ShownModel => ({
  ...{ name, footage, suggestions, tasks: ['default'], sees: null },
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

test('a model of a server that says nothing but its name is taken as it is; an entry without a name is dropped', () => {
  const bare = { name: 'old', footage: 'real', sees: null, tasks: [], suggestions: [] };
  expect(readModel({ name: 'old', footage: 'painted', sees: 7 }, 'en')).toEqual([bare]);
  expect([readModel({}, 'en'), readModel(null, 'en')]).toEqual([[], []]);
});
