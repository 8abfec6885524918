import type { ModelCapabilities } from '../capabilities.js';
import { capabilitiesOf } from '../folder/capabilities-of.js';
import type { Manifest } from '../folder/manifest.js';

/** What the detector of a model folder can do with templates instead of the folder's decoder. */
export function trackerCapabilities(manifest: Manifest): ModelCapabilities {
  const { pictureSide, pictureFit, precision, version, footage } = capabilitiesOf(manifest);
  const fps = manifest.recommended.default.fps;
  return {
    name: `${manifest.name}-tracker`,
    description: 'Follows what a detector sees and tells what comes, goes and is there, in fixed sentences.',
    ...{ version, precision, pictureSide, pictureFit, footage },
    sees: {},
    suggestions: { en: ['Tell me when a person comes in.', 'How many people are there?'] },
    fps: { madeFor: fps, most: null },
    recommended: {
      default: {
        ...{ fps, heads: ['informative'], policy: { type: 'threshold', threshold: 0.5 } },
        ...{ assistantTurns: 'remove', cooldown: 0 },
      },
    },
    languages: ['en'],
    scores: ['informative'],
    ...{ severalQuestions: false, cutBack: true, evict: true },
    capacity: null,
    cost: { bytes: null, multiplyAdds: null, dollars: null },
    systemPrompt: null,
    promptLayouts: [],
  };
}
