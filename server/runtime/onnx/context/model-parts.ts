import type { Manifest } from '../../folder/manifest.js';
import type { Decoder } from '../graphs/decoder.js';
import type { LanguageHead } from '../graphs/language-head.js';
import type { TokenEmbedder } from '../graphs/token-embedder.js';
import type { ChatTokenizer } from '../text/tokenizer.js';
import type { VisionEncoder } from '../graphs/vision-encoder.js';

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
