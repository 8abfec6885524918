/** Colours of the plot, taken from the style sheet so that both themes keep them in one place. */
export interface Palette {
  readonly informative: string;
  readonly relevance: string;
  readonly score: string;
  readonly scoreFill: string;
  readonly threshold: string;
  readonly question: string;
  readonly grid: string;
  readonly ink: string;
  readonly surface: string;
}

/** The colours in force now. */
export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  return {
    informative: color('--informative'),
    relevance: color('--relevance'),
    score: color('--score'),
    scoreFill: color('--score-fill'),
    threshold: color('--threshold'),
    question: color('--question'),
    grid: color('--grid'),
    ink: color('--ink-faint'),
    surface: color('--surface'),
  };
}
