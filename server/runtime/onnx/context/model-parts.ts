import type { Manifest } from '../../folder/manifest.js';
import type { CacheDecoder } from '../graphs/cache-decoder.js';
import type { Vocabulary } from '../graphs/vocabulary.js';
import type { Sight } from '../sight/sight.js';
import type { LayOut } from '../text/chat-layout.js';
import type { SpelledSayings } from '../text/spelled-sayings.js';
import type { ChatTokenizer } from '../text/tokenizer.js';
import type { FrameScoring } from './frame-scoring.js';

/** The parts of a loaded model that all its contexts share. */
export interface ModelParts {
  readonly manifest: Manifest;
  readonly tokenizer: ChatTokenizer;
  readonly sight: Sight;
  /** What a grounded model may say; null: it speaks freely. */
  readonly sayings: SpelledSayings | null;
  readonly vocabulary: Pick<Vocabulary, 'embed' | 'logits' | 'logitsOfRows'>;
  readonly decoder: CacheDecoder;
  /** How a frame's scores are read. */
  readonly scoring: FrameScoring;
  /** The markup of its conversations. */
  readonly layOut: LayOut;
  /** Rows of text in one model call. */
  readonly rowsPerSlice: number;
}
