import type { VisionArchitecture } from '../checkpoint/architecture.js';

/** How a folded checkpoint is laid out for the engines that serve it. */
export interface EngineLayout {
  /** Tokens that it needs besides those of the heads. */
  readonly tokens: readonly string[];
  /** The name in it of one of the checkpoint's tensors; null if that is left out. */
  readonly nameOf: (name: string) => string | null;
  /** The checkpoint's tensor that separates rows of still pictures, if the engines insist on one. */
  readonly rowSeparator: string | null;
  /** `config.json`, and whatever else its engines read, by name. */
  readonly files: (vocabularySize: number, ids: ReadonlyMap<string, number>) => EngineFiles;
}

/** Contents of JSON files by name. */
export type EngineFiles = Readonly<Record<string, object>>;

/** What a layout is made from. */
export interface EngineSource {
  /** config.json as it stands. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly vision: VisionArchitecture;
}

/** As in the checkpoint, of which only the vocabulary changes (`LlavaQwenForCausalLM`): SGLang reads it. */
export function originalLayout({ config }: EngineSource): EngineLayout {
  return {
    tokens: [],
    nameOf: (name) => name,
    rowSeparator: null,
    files: (size) => ({ 'config.json': { ...config, vocab_size: size, tie_word_embeddings: false } }),
  };
}
