import './question-list.css';
import type { PageProps } from '../commands.js';
import { Icon } from '../parts/icon.js';

/** The questions that stand, each with a button that removes it. */
export function QuestionList({ view: { questions, connection }, commands }: PageProps) {
  const isOpen = connection.type === 'open';
  return (
    <ul class="questions" id="questions" aria-label="Questions that stand" hidden={questions.length === 0}>
      {questions.map(({ id, text }) => (
        <li key={id} class="standing-question" data-question={id}>
          <span dir="auto">{text}</span>
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
      ))}
    </ul>
  );
}
