import type { DecisionWay } from '../deciders/decider.js';
import type { Prices } from '../engine/spending.js';

/** An engine that Duet knows by name. */
export interface EnginePreset {
  /** Base address, to which paths such as `/chat/completions` are added. */
  readonly url: string;
  /** The environment variable with its key; null for an engine that asks for none unless told to. */
  readonly keyVariable: string | null;
  /** Whether it refuses to answer without a key. */
  readonly needsKey: boolean;
  /** The ways of deciding that are tried, in this order. */
  readonly ways: readonly DecisionWay[];
  /** The only model that its Decisions take, where there is one. */
  readonly decisionsModel?: string;
  /** Null where they are not known: every model has its own. */
  readonly prices: Prices | null;
}

/** In the order of trust: an endpoint made for decisions, probabilities of words, and what a model says. */
const everyWay: readonly DecisionWay[] = [
  ...(['decisions', 'systemone-images', 'systemone', 'systemone-assets'] as const),
  ...(['labels', 'report'] as const),
];

/** An engine on the user's own machines costs nothing a token. */
const own = { keyVariable: null, needsKey: false, ways: everyWay, prices: { input: 0, output: 0, call: 0 } };

/** The engines that `remote:PRESET/MODEL` may name. */
export const enginePresets = {
  openai: {
    ...{ url: 'https://api.openai.com/v1', keyVariable: 'OPENAI_API_KEY', needsKey: true },
    ...{ ways: everyWay, decisionsModel: 'gpt-6-luna', prices: null },
  },
  ollama: { ...own, url: 'http://127.0.0.1:11434/v1' },
  llamacpp: { ...own, url: 'http://127.0.0.1:8080/v1' },
  vllm: { ...own, url: 'http://127.0.0.1:8000/v1' },
  sglang: { ...own, url: 'http://127.0.0.1:30000/v1' },
  // Its chat gives no log probabilities with pictures.
  lmstudio: {
    ...own,
    url: 'http://127.0.0.1:1234/v1',
    ways: ['systemone-images', 'systemone', 'systemone-assets', 'report'],
  },
  openrouter: {
    ...{ url: 'https://openrouter.ai/api/v1', keyVariable: 'OPENROUTER_API_KEY', needsKey: true },
    ...{ ways: ['systemone-assets', 'systemone-images', 'systemone', 'labels', 'report'], prices: null },
  },
  gemini: {
    url: 'https://generativelanguage.googleapis.com/v1beta/openai',
    ...{ keyVariable: 'GEMINI_API_KEY', needsKey: true },
    ...{ ways: ['labels', 'report'], prices: null },
  },
} as const satisfies Readonly<Record<string, EnginePreset>>;

/** Name of a preset. */
type EnginePresetName = keyof typeof enginePresets;

/** The names of all enginePresets. */
export const enginePresetNames = Object.keys(enginePresets).filter(
  (name): name is EnginePresetName => name in enginePresets,
);
