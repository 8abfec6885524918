import { modelAtWork } from '../state/suited-model.js';
import type { DuetView } from '../state/view.js';

interface TaskFieldProps {
  readonly view: DuetView;
  readonly use: (task: string) => void;
}

/** Chooses among the settings that the maker of the model recommends; possible until the video starts. */
export function TaskField({ view, use }: TaskFieldProps) {
  const { phase } = view;
  const { name, tasks = [] } = modelAtWork(view) ?? {};
  return (
    <div class="field" id="task-field" hidden={tasks.length < 2}>
      <label for="task">Recommended for</label>
      <select
        // Another model begins with its first task.
        key={name}
        class="select"
        id="task"
        // Stepping through the tasks with the keyboard opens one session after another and must not move the
        // focus.
        disabled={phase !== 'ready' && phase !== 'preparing'}
        onChange={({ currentTarget }) => {
          use(currentTarget.value);
        }}
      >
        {tasks.map((task) => (
          <option key={task} value={task}>
            {labels[task] ?? task}
          </option>
        ))}
      </select>
    </div>
  );
}

/** What the usual names of tasks mean to a person; others are shown as they are. */
const labels: Readonly<Record<string, string>> = {
  default: 'Anything',
  captions: 'Describing everything',
  questions: 'Answering questions',
  magqa: 'Answering questions',
};
