import type { Manifest } from '../../folder/manifest.js';
import type { LanguageDecoder } from '../graphs/language-decoder.js';
import type { Vocabulary } from '../graphs/vocabulary.js';
import type { Sight } from '../sight/sight.js';
import type { ChatTokenizer } from '../text/tokenizer.js';

/** The parts of a loaded model that all its contexts share. */
export interface ModelParts {
  readonly manifest: Manifest;
  readonly tokenizer: ChatTokenizer;
  readonly sight: Sight;
  readonly vocabulary: Vocabulary;
  readonly decoder: LanguageDecoder;
  /** Rows of text in one model call. */
  readonly rowsPerSlice: number;
}
