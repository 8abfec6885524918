import type { Manifest } from '../../folder/manifest.js';
import type { LanguageDecoder } from '../graphs/language-decoder.js';
import type { VisionEncoder } from '../graphs/vision-encoder.js';
import type { Vocabulary } from '../graphs/vocabulary.js';
import type { ChatTokenizer } from '../text/tokenizer.js';

/** The parts of a loaded model that all its contexts share. */
export interface ModelParts {
  readonly manifest: Manifest;
  readonly tokenizer: ChatTokenizer;
  readonly vision: VisionEncoder;
  readonly vocabulary: Vocabulary;
  readonly decoder: LanguageDecoder;
  /** Rows of text in one model call. */
  readonly rowsPerSlice: number;
}
