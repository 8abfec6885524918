import './scores.css';
import type { PageProps } from '../commands.js';
import { Legend, Readout } from './readout.js';
import { ScorePlot } from './score-plot.js';

/** The scores of all frames, and what they mean for the one that is looked at. */
export function ScoresPanel(props: PageProps) {
  const { frames, selection, settings } = props.view;
  const frame = selection.frame === null ? frames.at(-1) : frames[selection.frame];
  return (
    <section class="scores" aria-labelledby="scores-heading">
      <div class="scores-head">
        <h2 class="section-title" id="scores-heading">
          Scores
        </h2>
        <Legend frame={frame} policy={settings?.policy.type} />
      </div>
      <ScorePlot {...props} />
      <Readout frame={frame} aloud={selection.aloud} />
    </section>
  );
}
