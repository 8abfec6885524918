import { DuetClientError } from '../../sdk/client-error.js';
import { videoAt } from '../picker/address.js';
import { videoOfSample } from '../picker/sample-cards.js';
import { loadSamples } from '../picker/samples.js';
import { pushedVideo } from '../picker/sender-buttons.js';
import type { ChosenVideo, ShownModel } from '../state/view.js';
import { filmedBy, filmedVideo } from './filmed-video.js';

/**
 * What a link to the page wants: `?source=` with `sample:NAME`, `webcam`, `screen`, `window`, `pattern`,
 * `rtmp`, `srt` or an address, `model=` and `ask=`; or `#session=` with the id of one that goes on. Links may
 * come from strangers, so nothing of it is carried out before the person starts it.
 */
export function readLink({ search, hash }: Pick<Location, 'search' | 'hash'>): PageLink {
  const wanted = new URLSearchParams(search);
  const text = (name: string, most: number): string | null => wanted.get(name)?.trim().slice(0, most) || null;
  const session = new URLSearchParams(hash.slice(1)).get('session');
  return { session, source: text('source', 4096), model: text('model', 256), ask: text('ask', 4000) };
}

/** What a link wants; null for what it leaves to the page. */
export interface PageLink {
  readonly session: string | null;
  readonly source: string | null;
  readonly model: string | null;
  readonly ask: string | null;
}

/** The video that a link names. Throws `DuetClientError` for one that there is not, with what there is. */
export async function linkedVideo(source: string): Promise<ChosenVideo> {
  const films = filmedBy(source);
  if (films !== undefined) return { ...filmedVideo(films), films };
  if (source === 'rtmp' || source === 'srt') return pushedVideo(source);
  if (!source.startsWith('sample:')) return videoOrThrow(source);
  const samples = await loadSamples();
  const name = source.slice('sample:'.length);
  const sample = samples.find((each) => each.name === name);
  if (sample !== undefined) return videoOfSample(sample);
  const known = samples.map((each) => each.name).join(', ');
  throw new DuetClientError('not_found', `The link names the sample ${name}; there are: ${known || 'none'}`);
}

/** Throws `DuetClientError` where the server has no model of this name. */
export function requireModel(name: string, models: readonly ShownModel[]): void {
  if (models.length === 0 || models.some((model) => model.name === name)) return;
  const known = models.map((model) => model.name).join(', ');
  throw new DuetClientError('not_found', `The link names the model ${name}; this server has: ${known}`);
}

function videoOrThrow(address: string): ChosenVideo {
  const found = videoAt(address);
  if ('video' in found) return found.video;
  throw new DuetClientError('invalid_request', `The link names no video: ${found.fault}`);
}
