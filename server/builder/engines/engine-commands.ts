import type { EngineName } from './engine-families.js';

/** How an engine serves the checkpoint in `folder`, and what then stands behind `--model`. */
export function engineCommand(engine: EngineName, folder: string, ollama: string | null): EngineCommand {
  const quoted = /^[\w./:@-]+$/.test(folder) ? folder : `'${folder.replaceAll("'", "'\\''")}'`;
  switch (engine) {
    case 'vllm':
      return {
        ...{ engine, title: 'vLLM', serve: [`vllm serve ${quoted} --served-model-name watcher --port 8000`] },
        model: 'remote:vllm/watcher@http://127.0.0.1:8000/v1',
      };
    case 'sglang':
      return {
        ...{ engine, title: 'SGLang' },
        serve: [
          `python -m sglang.launch_server --model-path ${quoted} --served-model-name watcher --port 30000`,
        ],
        model: 'remote:sglang/watcher@http://127.0.0.1:30000/v1',
      };
    case 'llamacpp':
      return {
        ...{ engine, title: 'llama.cpp' },
        serve: [
          `python convert_hf_to_gguf.py ${quoted} --outfile model.gguf`,
          `python convert_hf_to_gguf.py ${quoted} --mmproj --outfile mmproj.gguf`,
          'llama-server -m model.gguf --mmproj mmproj.gguf --alias watcher --port 8080',
        ],
        model: 'remote:llamacpp/watcher@http://127.0.0.1:8080/v1',
      };
    case 'ollama':
      return {
        ...{ engine, title: 'Ollama' },
        serve: [`ollama pull ${ollama ?? 'MODEL'}`],
        model: `remote:ollama/${ollama ?? 'MODEL'}`,
        note: "Ollama's own conversion, not these weights",
      };
    default:
      return engine satisfies never;
  }
}

/** See {@link engineCommand}. */
export interface EngineCommand {
  readonly engine: EngineName;
  /** Its name as people write it. */
  readonly title: string;
  /** Commands, one after the other. */
  readonly serve: readonly string[];
  /** What to write behind `--model`. */
  readonly model: string;
  readonly note?: string;
}
