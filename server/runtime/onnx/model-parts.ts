import type { Manifest } from '../manifest.js';
import type { Decoder } from './decoder.js';
import type { LanguageHead } from './language-head.js';
import type { TokenEmbedder } from './token-embedder.js';
import type { ChatTokenizer } from './tokenizer.js';
import type { VisionEncoder } from './vision-encoder.js';

/** The parts of a loaded model that all its contexts share. */
export interface ModelParts {
  readonly manifest: Manifest;
  readonly tokenizer: ChatTokenizer;
  readonly vision: VisionEncoder;
  readonly embedder: TokenEmbedder;
  readonly decoder: Decoder;
  readonly languageHead: LanguageHead;
  /** Rows of text in one model call. */
  readonly rowsPerSlice: number;
}
