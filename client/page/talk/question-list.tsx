import './question-list.css';
import type { PageCommands, PageProps } from '../commands.js';
import { Icon } from '../parts/icon.js';
import type { DuetView, ShownQuestion } from '../state/view.js';

/**
 * The questions that stand: how often each was answered, its own threshold, and a button that removes it.
 * Pressing one shows only what was said about it.
 */
export function QuestionList({ view, commands }: PageProps) {
  const { questions } = view;
  return (
    <ul class="questions" id="questions" aria-label="Questions that stand" hidden={questions.length === 0}>
      {questions.map((question) => (
        <QuestionItem key={question.id} {...{ question, view, commands }} />
      ))}
    </ul>
  );
}

interface QuestionItemProps extends Pick<PageProps, 'view' | 'commands'> {
  readonly question: ShownQuestion;
}

function QuestionItem({ question, view, commands }: QuestionItemProps) {
  const { id, text, isAdded } = question;
  const isOpen = view.connection.type === 'open';
  const isShown = view.filter === id;
  return (
    <li class="standing-question" data-question={id} data-shown={isShown}>
      <button
        type="button"
        class="question-filter"
        aria-pressed={isShown}
        title={isShown ? 'Show everything again' : 'Show only what was said about it'}
        onClick={() => {
          commands.filter(isShown ? null : id);
        }}
      >
        <span dir="auto">{text}</span> <span class="question-count">{countText(view, id)}</span>
      </button>
      {isAdded && <ThresholdInput question={question} disabled={!isOpen} set={commands.setThreshold} />}
      <button
        type="button"
        class="remove-question"
        aria-label={`Remove the question ${text}`}
        title="Answer it no more"
        disabled={!isOpen}
        onClick={() => {
          commands.removeQuestion(id);
        }}
      >
        <Icon name="close" />
      </button>
    </li>
  );
}

interface ThresholdInputProps {
  readonly question: ShownQuestion;
  readonly disabled: boolean;
  readonly set: PageCommands['setThreshold'];
}

/** The question's own threshold; empty for that of the policy. */
function ThresholdInput({ question, disabled, set }: ThresholdInputProps) {
  return (
    <label class="question-above">
      above
      <input
        type="number"
        class="question-threshold"
        min={0}
        max={1000}
        step={0.05}
        placeholder="auto"
        value={question.threshold ?? ''}
        disabled={disabled}
        aria-label={`Speak above this score: ${question.text}`}
        title="Speaks when the score is above this; empty for the threshold of the settings"
        onChange={({ currentTarget }) => {
          const { value, validity } = currentTarget;
          if (value === '') set(question, null);
          else if (validity.valid || validity.stepMismatch) set(question, Number(value));
          else currentTarget.value = String(question.threshold ?? '');
        }}
      />
    </label>
  );
}

function countText({ turns }: DuetView, id: string): string {
  const count = turns.filter((turn) => turn.type === 'reply' && turn.questionId === id).length;
  return count === 0 ? '' : String(count);
}
