/**
 * The worker file `name` next to this module: the compiled file if this module is compiled, otherwise (in
 * development and tests) its TypeScript source, run through tsx.
 */
export function workerFile(name: string): WorkerFile {
  const here = import.meta.url;
  if (!here.endsWith('.ts')) return { url: new URL(`./${name}.js`, here), execArgv: [] };
  return typeScriptWorker(new URL(`./${name}.ts`, here));
}

/** A worker thread's entry file, and the Node flags it needs. */
export interface WorkerFile {
  readonly url: URL;
  readonly execArgv: readonly string[];
}

/**
 * A worker file in TypeScript. Worker threads do not inherit tsx, so each registers it at its start; and with
 * flags of its own a thread inherits none, so those of the profiler are passed on.
 */
export function typeScriptWorker(url: URL): WorkerFile {
  const tsx = import.meta.resolve('tsx/esm/api');
  const profiler = process.execArgv.filter((flag) => flag.startsWith('--cpu-prof'));
  return {
    url,
    execArgv: [
      ...profiler,
      '--import',
      `data:text/javascript,import { register } from '${tsx}'; register();`,
    ],
  };
}
