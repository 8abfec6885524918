import type { ContextCapacity, ModelCapabilities, PromptLayout } from '../capabilities.js';
import type { Manifest } from './manifest.js';

const layouts: readonly PromptLayout[] = ['trained', 'reference'];

/** What a folder's model can do, according to its manifest; its graphs need not be loaded. */
export function capabilitiesOf(manifest: Manifest): ModelCapabilities {
  const { name, version, description, precision, recommended, systemPrompt, promptLayout } = manifest;
  const { footage = 'real', languages = null, sees = {}, suggestions = {} } = manifest.about ?? {};
  return {
    ...{ name, version, description, precision, recommended, systemPrompt },
    ...{ footage, languages, sees, suggestions },
    pictureSide: manifest.picture.side,
    pictureFit: manifest.picture.fit ?? 'pad',
    fps: { madeFor: recommended.default.fps, most: null },
    scores: ['informative', 'relevance'],
    severalQuestions: false,
    cutBack: true,
    evict: true,
    capacity: capacityOf(manifest),
    cost: { bytes: manifest.tokensPerFrame * bytesPerToken(manifest), multiplyAdds: null, dollars: null },
    promptLayouts: [promptLayout, ...layouts.filter((layout) => layout !== promptLayout)],
  };
}

/** Most tokens of the markup around one turn, even if every byte is a token. */
const mostMarkup = 32;

/** No tokenizer makes more tokens than this per byte of text: Unicode normalisation may triple its bytes. */
const mostTokensPerByte = 3;

function capacityOf({ decoder, tokensPerFrame }: Manifest): ContextCapacity {
  const total = decoder.maxContext;
  return {
    unit: 'tokens',
    total,
    frame: tokensPerFrame,
    // Less in small contexts, which cannot spare that much.
    markup: Math.min(mostMarkup, Math.floor(total / 16)),
    textByte: mostTokensPerByte,
    replyToken: 1,
  };
}

/** Keys and values of all layers, each number a float32. */
function bytesPerToken({ decoder: { layers, keyValueHeads, headSize } }: Manifest): number {
  return layers * keyValueHeads * headSize * 2 * Float32Array.BYTES_PER_ELEMENT;
}
