/**
 * The worker file `name` beside this module: compiled where this module is compiled; from its TypeScript
 * source, through tsx, where this module is (development and tests).
 */
export function workerFile(name: string): WorkerFile {
  const here = import.meta.url;
  if (!here.endsWith('.ts')) return { url: new URL(`./${name}.js`, here), execArgv: [] };
  return typeScriptWorker(new URL(`./${name}.ts`, here));
}

/** The file a worker thread begins with, and how Node has to run it. */
export interface WorkerFile {
  readonly url: URL;
  readonly execArgv: readonly string[];
}

/**
 * A worker file in TypeScript. tsx does not reach into worker threads by itself, so each begins by
 * registering it.
 */
export function typeScriptWorker(url: URL): WorkerFile {
  const tsx = import.meta.resolve('tsx/esm/api');
  return {
    url,
    execArgv: ['--import', `data:text/javascript,import { register } from '${tsx}'; register();`],
  };
}
