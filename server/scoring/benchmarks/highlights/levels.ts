/** How high an annotator must rate a clip for it to count as a highlight. */
export const highlightLevels = [
  { name: 'Fair', least: 2 },
  { name: 'Good', least: 3 },
  { name: 'VeryGood', least: 4 },
] as const;

/** One of {@link highlightLevels}. */
export type HighlightLevel = (typeof highlightLevels)[number];
