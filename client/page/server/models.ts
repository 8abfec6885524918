import { footageKinds } from '../../../server/settings/footage.js';
import type { ShownModel } from '../state/view.js';
import { field, listAt } from './http.js';

/** The models of the server, its default first, as they present themselves in the language of the page. */
export async function loadModels(): Promise<readonly ShownModel[]> {
  const language = document.documentElement.lang;
  return (await listAt('/v1/models')).flatMap((listed) => readModel(listed, language));
}

/** Drops an entry without a name; a server of another version may leave out the rest. */
export function readModel(listed: unknown, language: string): readonly ShownModel[] {
  const name = field(listed, 'name');
  if (typeof name !== 'string') return [];
  const footage = footageKinds.find((kind) => kind === field(listed, 'footage')) ?? 'real';
  const sees = inLanguage(field(listed, 'sees'), language);
  const host = field(field(listed, 'remote'), 'host');
  return [
    {
      ...{ name, footage, sees: typeof sees === 'string' ? sees : null },
      host: typeof host === 'string' ? host : null,
      tasks: texts(field(listed, 'tasks')),
      suggestions: texts(inLanguage(field(listed, 'suggestions'), language)),
    },
  ];
}

/** What is said in a language, else in English. */
function inLanguage(said: unknown, language: string): unknown {
  return field(said, language) ?? field(said, language.replace(/-.*/, '')) ?? field(said, 'en');
}

function texts(list: unknown): readonly string[] {
  return (Array.isArray(list) ? list : []).filter((one) => typeof one === 'string');
}
