/** Colours of the plots, taken from the style sheet so that both themes and paper keep them in one place. */
export interface Palette {
  readonly informative: string;
  readonly relevance: string;
  readonly score: string;
  readonly scoreFill: string;
  /** For what lies outside gold spans. */
  readonly outside: string;
  readonly threshold: string;
  readonly question: string;
  readonly grid: string;
  readonly ink: string;
  readonly surface: string;
}

/** The current colours. */
export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  return {
    informative: colour('--informative'),
    relevance: colour('--relevance'),
    score: colour('--score'),
    scoreFill: colour('--score-fill'),
    outside: colour('--ink-faint'),
    threshold: colour('--threshold'),
    question: colour('--question'),
    grid: colour('--grid'),
    ink: colour('--ink-faint'),
    surface: colour('--surface'),
  };
}

/** Calls back whenever the colours change: with the theme, and for paper, which is always light. */
export function onPaletteChange(changed: () => void): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed);
  const setPaper = (paper: boolean): void => {
    document.documentElement.toggleAttribute('data-paper', paper);
    changed();
  };
  addEventListener('beforeprint', () => {
    setPaper(true);
  });
  addEventListener('afterprint', () => {
    setPaper(false);
  });
}
