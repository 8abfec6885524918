import { html, nothing, type Markup } from '../markup.js';
import { section } from './section.js';

/** The list of examples, which the script fills, and the controls that search, sort and filter it. */
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
    controls(),
    html`<p class="quiet" id="example-count" role="status"></p>
      <ol id="example-list" class="examples"></ol>
      <button type="button" class="button" id="more-examples" hidden>Show more</button>`,
  );
}

function controls(): Markup {
  return html`<form class="controls" id="example-controls">
    <label class="search"
      ><span>Search</span>
      <input type="search" name="text" autocomplete="off" placeholder="id, video, question, answer, reply" />
    </label>
    <label
      ><span>Sort</span>
      <select name="order">
        <option value="file">As in the file</option>
        <option value="low">Lowest value first</option>
        <option value="high">Highest value first</option>
        <option value="replies">Most replies first</option>
        <option value="id">By id</option>
      </select>
    </label>
    <label hidden
      ><span>Tag</span
      ><select name="tag"></select
    ></label>
    <label hidden
      ><span>Label</span
      ><select name="label"></select
    ></label>
    <button type="reset" class="button">Clear</button>
  </form>`;
}
