import 'uplot/dist/uPlot.min.css';
import '../common/tokens.css';
import '../common/base.css';
import './base.css';
import { render } from 'preact';
import { PageControl } from './control.js';
import { Page } from './page.js';

const control = new PageControl();
const place = document.getElementById('page');
if (place !== null) render(<Page control={control} />, place);
control.run();
