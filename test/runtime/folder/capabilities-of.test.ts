import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { capabilitiesOf } from '../../../server/runtime/folder/capabilities-of.js';
import { readManifest } from '../../../server/runtime/folder/model-folder.js';

const manifest = await readManifest(fileURLToPath(new URL('../../../models/duet-nano', import.meta.url)));
const { decoder, tokensPerFrame, recommended } = manifest;

test('the capabilities of a folder say nothing of graphs, tokens ids or files', () => {
  const capabilities = capabilitiesOf(manifest);
  expect(capabilities).toMatchObject({
    ...{ name: 'duet-nano', precision: manifest.precision, pictureSide: manifest.picture.side },
    ...{ recommended, fps: { madeFor: recommended.default.fps, most: null } },
    ...{ scores: ['informative', 'relevance'], severalQuestions: false, cutBack: true, evict: true },
  });
  for (const inner of ['files', 'decoder', 'tokens', 'picture', 'tokensPerFrame', 'formatVersion']) {
    expect(capabilities).not.toHaveProperty(inner);
  }
});

test('a manifest may ask for stretched pictures; without a word they are padded', () => {
  const { picture } = manifest;
  expect(capabilitiesOf(manifest).pictureFit).toBe('pad');
  expect(capabilitiesOf({ ...manifest, picture: { ...picture, fit: 'stretch' } }).pictureFit).toBe('stretch');
});

test('a manifest says for what pictures the model was made and what it can see; without a word, real ones', () => {
  expect(capabilitiesOf(manifest)).toMatchObject({
    footage: 'rendered',
    suggestions: manifest.about?.suggestions,
  });
  const silent = capabilitiesOf({ ...manifest, about: undefined });
  expect(silent).toMatchObject({ footage: 'real', languages: null, sees: {}, suggestions: {} });
  const about = { languages: ['en', 'zh'], sees: { en: 'Sees dogs.' } };
  expect(capabilitiesOf({ ...manifest, about })).toMatchObject({ footage: 'real', ...about });
});

test('a context is counted in tokens, and a frame costs its keys and values in memory', () => {
  const { capacity, cost } = capabilitiesOf(manifest);
  expect(capacity).toEqual({
    ...{ unit: 'tokens', total: decoder.maxContext, frame: tokensPerFrame },
    ...{ markup: 32, textByte: 3, replyToken: 1 },
  });
  const perToken = decoder.layers * decoder.keyValueHeads * decoder.headSize * 2 * 4;
  expect(cost).toEqual({ bytes: tokensPerFrame * perToken, multiplyAdds: null, dollars: null });
});

test('in a small context less is allowed for markup', () => {
  const small = capabilitiesOf({ ...manifest, decoder: { ...decoder, maxContext: 160 } });
  expect(small.capacity).toMatchObject({ total: 160, markup: 10 });
});

test('the layout that a model was made for comes first', () => {
  for (const promptLayout of ['trained', 'reference'] as const) {
    const { promptLayouts } = capabilitiesOf({ ...manifest, promptLayout });
    expect([promptLayouts[0], promptLayouts.length]).toEqual([promptLayout, 2]);
  }
});
