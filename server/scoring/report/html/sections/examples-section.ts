import { html, nothing, type Markup } from '../markup.js';
import { section } from './section.js';

/** The place of the list of examples, which the script fills. */
export function examplesSection(tally: {
  readonly nExamples: number;
  /** Examples whose frames did not fit into the page. */
  readonly nWithoutFrames: number;
}): Markup {
  const { nExamples, nWithoutFrames } = tally;
  if (nExamples === 0) {
    return section('examples', 'Examples', html`<p class="quiet">No example was given to this page.</p>`);
  }
  const left = html`<p class="notice">
    The frames of ${nWithoutFrames} examples are left out to keep this page small; those examples have no
    score tracks.
  </p>`;
  return section(
    'examples',
    'Examples',
    nWithoutFrames === 0 ? nothing : left,
    html`<div id="example-browser"></div>`,
  );
}
