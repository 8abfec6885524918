import { element, make } from '../../common/element.js';
import { field, listAt } from '../server-answer.js';
import type { DuetView } from '../state/view.js';

/** What the usual names of tasks mean to a person; others are shown as they are. */
const labels: Readonly<Record<string, string>> = {
  default: 'Anything',
  captions: 'Describing everything',
  questions: 'Answering questions',
  magqa: 'Answering questions',
};

/** Chooses among the settings that the maker of the model recommends; possible until the video starts. */
export class TaskSelect {
  readonly #field = element('task-field', HTMLDivElement);
  readonly #select = element('task', HTMLSelectElement);

  constructor(use: (task: string) => void) {
    this.#select.addEventListener('change', () => {
      use(this.#select.value);
    });
  }

  /** Asks the server for the tasks of its model; without an answer there is nothing to choose. */
  async load(): Promise<void> {
    const [model] = await listAt('/v1/models').catch(() => []);
    const tasks = field(model, 'tasks');
    const names = (Array.isArray(tasks) ? tasks : []).filter((task) => typeof task === 'string');
    this.#select.replaceChildren(
      ...names.map((name) => make('option', { text: labels[name] ?? name, attributes: { value: name } })),
    );
    this.#field.hidden = names.length < 2;
  }

  show(view: DuetView): void {
    // Stepping through the tasks with the keyboard opens one session after another and must not move the
    // focus.
    this.#select.disabled = view.phase !== 'ready' && view.phase !== 'preparing';
  }
}
