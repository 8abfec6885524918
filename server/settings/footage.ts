/** What pictures show: the real world, or a world that a program drew. */
export const footageKinds = ['real', 'rendered'] as const;

/** One of {@link footageKinds}. */
export type Footage = (typeof footageKinds)[number];

/** Of several models the one to watch a video with: the first one made for its footage, else the first. */
export function suitedModel<Model extends { readonly footage: Footage }>(
  models: readonly Model[],
  footage: Footage,
): Model | undefined {
  return models.find((model) => model.footage === footage) ?? models[0];
}
