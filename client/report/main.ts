import 'uplot/dist/uPlot.min.css';
import './styles/report.css';
import { ChartBox } from './charts/chart-box.js';
import { mountCopyButtons } from './copy-buttons.js';
import { mountExamples } from './examples/example-list.js';
import { onPaletteChange } from '../common/palette.js';
import { readCharts, readExamples } from './read-data.js';
import { mountSections } from './sections.js';

const boxes = readCharts().flatMap((chart) => {
  const box = document.querySelector<HTMLElement>(`[data-chart="${chart.id}"]`);
  return box === null ? [] : [new ChartBox(box, chart)];
});
onPaletteChange(() => {
  for (const box of boxes) box.draw();
});
mountSections();
mountCopyButtons();
mountExamples(readExamples());
