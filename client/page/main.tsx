import 'uplot/dist/uPlot.min.css';
import '../common/tokens.css';
import '../common/base.css';
import './base.css';
import { render } from 'preact';
import { PageControl } from './control.js';
import { Page } from './page.js';

const place = document.getElementById('page');

if (/\/sessions$/.test(location.pathname)) {
  const { SessionsPage } = await import('./sessions/sessions-page.js');
  if (place !== null) render(<SessionsPage />, place);
} else {
  const control = new PageControl();
  if (place !== null) render(<Page control={control} />, place);
  control.run();
}
