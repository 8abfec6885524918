import './problem-box.css';
import type { PageProps } from '../commands.js';
import { Icon } from '../parts/icon.js';
import { againText } from '../state/view.js';

/** Shows what went wrong and what to do about it. */
export function ProblemBox({ view, commands }: PageProps) {
  const { problem, video } = view;
  return (
    <div class="problem" id="problem" role="alert" hidden={problem === null}>
      <div class="problem-body">
        <p class="problem-what" id="problem-what">
          {problem?.what}
        </p>
        <p class="problem-remedy" id="problem-remedy">
          {problem?.remedy}
        </p>
      </div>
      <button
        type="button"
        class="button"
        id="problem-retry"
        hidden={problem?.retry !== true || video === null}
        onClick={commands.start}
      >
        {againText(view)}
      </button>
      <button
        type="button"
        class="button quiet icon-only"
        id="problem-close"
        aria-label="Close this message"
        onClick={commands.dismissProblem}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}
