import './scores.css';
import type { PageProps } from '../commands.js';
import { useWhatIf } from '../what-if/use-what-if.js';
import { WhatIfButton, WhatIfLine } from '../what-if/what-if-line.js';
import { Legend, Readout } from './readout.js';
import { ScorePlot } from './score-plot.js';

/**
 * The scores of all frames, what they mean for the one that is looked at, and what other settings would do.
 */
export function ScoresPanel(props: PageProps) {
  const { frames, selection, settings, triedOut } = props.view;
  const frame = selection.frame === null ? frames.at(-1) : frames[selection.frame];
  const tried = useWhatIf(props.view);
  return (
    <section class="scores" aria-labelledby="scores-heading">
      <div class="scores-head">
        <h2 class="section-title" id="scores-heading">
          Scores
        </h2>
        <WhatIfButton {...props} />
        <Legend frame={frame} policy={settings?.policy.type} />
      </div>
      <ScorePlot {...props} tried={tried?.result.times ?? null} />
      {triedOut === null ? (
        <Readout frame={frame} aloud={selection.aloud} />
      ) : (
        <WhatIfLine {...props} tried={tried} triedOut={triedOut} />
      )}
    </section>
  );
}
