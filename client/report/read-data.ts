import type { Chart, PageExample } from '../../server/scoring/report/html/page-data.js';

/** The examples of the page, in the order of the file. */
export function readExamples(): readonly PageExample[] {
  return blocks('example').map((text) => JSON.parse(text) as PageExample);
}

/** What is to be drawn into the figures. */
export function readCharts(): readonly Chart[] {
  return blocks('charts').flatMap((text) => JSON.parse(text) as readonly Chart[]);
}

/** The texts of the data blocks of a kind, which the same program wrote that this script belongs to. */
function blocks(kind: string): readonly string[] {
  const found = document.querySelectorAll(`script[data-block="${kind}"]`);
  return [...found].map((block) => block.textContent);
}
