import 'uplot/dist/uPlot.min.css';
import '../common/tokens.css';
import '../common/base.css';
import './styles/page.css';
import './styles/tables.css';
import { render } from 'preact';
import { onPaletteChange } from '../common/palette.js';
import { ChartBox } from './charts/chart-box.js';
import { ExampleBrowser } from './examples/example-browser.js';
import { readCharts, readExamples } from './read-data.js';
import { mountCopyButtons, mountSections } from './written-parts.js';
// Print styles come last, so that they override the others.
import './styles/paper.css';

const boxes = readCharts().flatMap((chart) => {
  const box = document.querySelector<HTMLElement>(`[data-chart="${chart.id}"]`);
  return box === null ? [] : [new ChartBox(box, chart)];
});
onPaletteChange(() => {
  for (const box of boxes) box.draw();
});
mountSections();
mountCopyButtons();
const place = document.getElementById('example-browser');
if (place !== null) render(<ExampleBrowser examples={readExamples()} />, place);
