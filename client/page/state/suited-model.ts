import { suitedModel } from '../../../server/settings/footage.js';
import type { DuetView, ShownModel } from './view.js';

/**
 * The model to watch the chosen video with: the one that the person wants, else the one made for such
 * pictures; null where the server has not told its models, and then chooses itself.
 */
export function suitedTo(view: Pick<DuetView, 'models' | 'wantedModel' | 'video'>): ShownModel | null {
  const { models, wantedModel, video } = view;
  const wanted = models.find(({ name }) => name === wantedModel);
  return wanted ?? suitedModel(models, video?.footage ?? 'real') ?? null;
}

/** The model of the session; before there is one, the model that it will be opened with. */
export function modelAtWork(view: DuetView): ShownModel | null {
  if (view.model === null) return view.video === null ? null : suitedTo(view);
  return view.models.find(({ name }) => name === view.model) ?? null;
}

/**
 * Questions worth asking: those that came with the video, if its model was made for it, else the model's own.
 */
export function suggestionsFor(view: DuetView): readonly string[] {
  const { video } = view;
  if (video === null) return [];
  const model = modelAtWork(view);
  const own = model === null || model.footage === video.footage ? video.questions : [];
  return [...new Set(own.length > 0 ? own : model?.suggestions)].slice(0, mostSuggestions);
}

const mostSuggestions = 3;
