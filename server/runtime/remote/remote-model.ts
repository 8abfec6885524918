import { createHash } from 'node:crypto';
import { DuetError, refuseIfAborted } from '../../errors.js';
import type { ModelCapabilities } from '../capabilities.js';
import type { AvailableModel } from '../model-registry.js';
import type { ContextOptions, DuetContext, DuetModel } from '../model.js';
import type { DecisionWay } from './deciders/decider.js';
import { deciders, scoresOf } from './deciders/deciders.js';
import { frameBytes, turnBytes } from './entries.js';
import { EventWatch } from './event-watch.js';
import { costsOf } from './model-costs.js';
import { openRemote, type OpenRemote, type RemoteOptions } from './open-remote.js';
import { readRemotePlace, type RemoteDescription } from './place/read-place.js';
import { RemoteContext } from './remote-context.js';

/**
 * Finds a model behind an API; nothing is asked of it before it is loaded: then a first question about a
 * picture tells how it decides. Throws what reading its place throws; loading throws what the engine answers
 * if it cannot be used.
 */
export async function findRemote(
  place: string,
  { findDetector, ...options }: FindOptions,
): Promise<AvailableModel> {
  const description = await readRemotePlace(place, process.env);
  const { ways, url, file } = description;
  const { detector: folder } = file.gate;
  const detector = folder === undefined ? null : await findDetector(folder);
  const fps = samplingFps(file.fps, detector);
  let way: DecisionWay | null = null;
  return {
    place,
    get capabilities() {
      return capabilitiesOfRemote(description, fps, way);
    },
    folder: null,
    costs: costsOf(description),
    fingerprint: async () => {
      const seen = detector === null ? {} : { detector: await detector.fingerprint() };
      // Results name it, and a file may hold what is not for their readers.
      const whole = JSON.stringify({ url, ways, file, ...seen });
      return createHash('sha256').update(whole).digest('hex').slice(0, 16);
    },
    load: async (signal) => {
      const remote = await openRemote(description, { ...options, detector }, signal);
      ({ way } = remote);
      return new RemoteModel(remote, capabilitiesOfRemote(description, fps, way));
    },
  };
}

/** How a remote model is found. */
type FindOptions = RemoteOptions & {
  /** Finds the model that tells what the detector in a model folder follows. */
  readonly findDetector: (folder: string) => Promise<AvailableModel>;
};

/**
 * Frames a second: a detector follows things at the rate that it was made for, however seldom the engine is
 * asked.
 */
function samplingFps(asked: number, detector: AvailableModel | null): number {
  return Math.max(asked, detector?.capabilities.fps.madeFor ?? 0);
}

/** A model behind an API: it decides and speaks there, and its conversations live here. */
class RemoteModel implements DuetModel {
  readonly capabilities: ModelCapabilities;
  readonly #remote: OpenRemote;
  #isClosed = false;

  constructor(remote: OpenRemote, capabilities: ModelCapabilities) {
    this.#remote = remote;
    this.capabilities = capabilities;
  }

  measure(text: string): Promise<number> {
    return Promise.resolve(Buffer.byteLength(text));
  }

  async openContext(options: ContextOptions, signal?: AbortSignal): Promise<DuetContext> {
    refuseIfAborted(signal);
    if (this.#isClosed) throw new DuetError('model_failed', `the model ${this.capabilities.name} is closed`);
    const { detector } = this.#remote;
    const watch = detector === null ? null : await EventWatch.open(detector, signal);
    return new RemoteContext(this.#remote, options, watch);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.#remote.detector?.[Symbol.asyncDispose]();
  }
}

/** `fps`: frames a second to sample; `way`: how it decides, null before it was asked. */
function capabilitiesOfRemote(
  { file, name, url, ways }: RemoteDescription,
  fps: number,
  way: DecisionWay | null,
): ModelCapabilities {
  const { host } = new URL(url);
  const { threshold, footage, languages } = file;
  const scores = scoresOf(way ?? ways[0]);
  const readsHeads = ['heads', 'folded'].includes(way ?? ways[0] ?? '');
  const decides = way === null ? null : deciders[way].told;
  return {
    ...{ name, version: '1', description: `${file.model} at ${host}.` },
    ...{ footage, sees: {}, suggestions: {}, precision: null, languages: languages ?? null },
    ...{ pictureSide: file.picture.side, pictureFit: 'pad' },
    fps: { madeFor: fps, most: null },
    recommended: {
      default: {
        ...{ fps, heads: [...scores], policy: { type: 'threshold', threshold } },
        // Equal requests may differ in the second decimal, so that a score must fall clearly before the next
        // reply.
        ...{ assistantTurns: 'keep', cooldown: 2, hysteresis: 0.7, rearmAfter: 30, repeatAfter: 60 },
        ...{ window: 120, textWindow: 4096, batchLimit: 64 },
      },
    },
    scores,
    ...{ severalQuestions: true, cutBack: true, evict: true, mayDecline: true },
    capacity: {
      ...{ unit: 'bytes', total: 65_536, frame: frameBytes, markup: turnBytes, textByte: 1 },
      replyToken: 8,
    },
    cost: { bytes: null, multiplyAdds: null, dollars: null },
    // MMDuet's heads were trained with a prompt of their own, the default of all models.
    systemPrompt: file.systemPrompt ?? (readsHeads ? null : defaultSystemPrompt),
    promptLayouts: [],
    remote: { host, decides },
  };
}

const defaultSystemPrompt =
  'You watch a video together with a user, through its newest pictures, and talk about it as it happens.';
