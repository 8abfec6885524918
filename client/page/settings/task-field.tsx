import { useEffect, useState } from 'preact/hooks';
import { field, listAt } from '../server/http.js';
import type { Phase } from '../state/view.js';

interface TaskFieldProps {
  readonly phase: Phase;
  readonly use: (task: string) => void;
}

/** Chooses among the settings that the maker of the model recommends; possible until the video starts. */
export function TaskField({ phase, use }: TaskFieldProps) {
  const tasks = useTasks();
  return (
    <div class="field" id="task-field" hidden={tasks.length < 2}>
      <label for="task">Recommended for</label>
      <select
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

/** The tasks of the server's model; none as long as the server has not answered. */
function useTasks(): readonly string[] {
  const [tasks, setTasks] = useState<readonly string[]>([]);
  useEffect(() => {
    void loadTasks().then(setTasks);
  }, []);
  return tasks;
}

async function loadTasks(): Promise<readonly string[]> {
  const [model] = await listAt('/v1/models').catch(() => []);
  const tasks = field(model, 'tasks');
  return (Array.isArray(tasks) ? tasks : []).filter((task) => typeof task === 'string');
}
