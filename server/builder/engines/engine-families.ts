const onePicture = 'it takes one picture a request: "window": {"decision": 1, "reply": 1} in a model file';
const glmTemplate = 'SGLang needs --chat-template glm-4v';

/**
 * Vision language models by the class that config.json names, and the engines whose lists of models or
 * converters name that class or family (vLLM's and SGLang's lists of multimodal models, llama.cpp's
 * converter, Ollama's library; read in November 2026, not run here). An engine that is not named may run a
 * model all the same.
 */
export const engineFamilies: Readonly<Record<string, EngineFamily>> = {
  Qwen2VLForConditionalGeneration: { name: 'Qwen2-VL', engines: ['vllm', 'sglang', 'llamacpp'] },
  Qwen2_5_VLForConditionalGeneration: {
    name: 'Qwen2.5-VL (also MMDuet2)',
    engines: ['vllm', 'sglang', 'llamacpp', 'ollama'],
    ollama: 'qwen2.5vl',
  },
  Qwen3VLForConditionalGeneration: {
    name: 'Qwen3-VL',
    engines: ['vllm', 'sglang', 'llamacpp', 'ollama'],
    ollama: 'qwen3-vl',
  },
  Qwen3VLMoeForConditionalGeneration: {
    name: 'Qwen3-VL, mixture of experts',
    engines: ['vllm', 'sglang', 'llamacpp', 'ollama'],
    ollama: 'qwen3-vl',
  },
  Qwen3_5ForConditionalGeneration: { name: 'Qwen3.5', engines: ['vllm', 'llamacpp'] },
  Qwen3_5MoeForConditionalGeneration: {
    name: 'Qwen3.5, mixture of experts',
    engines: ['vllm', 'llamacpp'],
  },
  Qwen2_5OmniModel: { name: 'Qwen2.5-Omni', engines: ['vllm', 'llamacpp'] },
  LlavaForConditionalGeneration: {
    name: 'LLaVA-1.5, or Pixtral in the layout of transformers',
    engines: ['vllm', 'sglang', 'ollama'],
    ollama: 'llava',
    note: 'llama.cpp converts Pixtral of these, not LLaVA-1.5',
  },
  LlavaLlamaForCausalLM: { name: 'LLaVA-1.5 in its original layout', engines: ['sglang'] },
  LlavaNextForConditionalGeneration: { name: 'LLaVA-NeXT', engines: ['vllm'] },
  LlavaOnevisionForConditionalGeneration: {
    name: 'LLaVA-OneVision in the layout of transformers',
    engines: ['vllm'],
    note: 'exported for transformers.js (a folder with onnx/), Duet runs it itself',
  },
  InternVLChatModel: { name: 'InternVL', engines: ['vllm', 'sglang', 'llamacpp'] },
  InternVLForConditionalGeneration: { name: 'InternVL in the layout of transformers', engines: ['vllm'] },
  Gemma3ForConditionalGeneration: {
    name: 'Gemma 3',
    engines: ['vllm', 'sglang', 'llamacpp', 'ollama'],
    ollama: 'gemma3',
  },
  Gemma4ForConditionalGeneration: { name: 'Gemma 4', engines: ['vllm', 'llamacpp'] },
  PaliGemmaForConditionalGeneration: { name: 'PaliGemma', engines: ['vllm'], note: onePicture },
  Idefics3ForConditionalGeneration: {
    name: 'Idefics3',
    engines: ['llamacpp', 'vllm'],
    note: `on vLLM ${onePicture}`,
  },
  SmolVLMForConditionalGeneration: {
    name: 'SmolVLM',
    engines: ['llamacpp', 'vllm'],
    note: `on vLLM ${onePicture}`,
  },
  Lfm2VlForConditionalGeneration: { name: 'LFM2-VL', engines: ['vllm', 'sglang', 'llamacpp'] },
  MiniCPMV: { name: 'MiniCPM-V', engines: ['vllm', 'sglang', 'ollama'], ollama: 'minicpm-v' },
  MllamaForConditionalGeneration: {
    name: 'Llama 3.2 Vision',
    engines: ['sglang', 'ollama'],
    ollama: 'llama3.2-vision',
  },
  Llama4ForConditionalGeneration: {
    name: 'Llama 4',
    engines: ['vllm', 'sglang', 'llamacpp', 'ollama'],
    ollama: 'llama4',
    note: 'SGLang needs --enable-multimodal --chat-template llama-4',
  },
  Mistral3ForConditionalGeneration: {
    name: 'Mistral Small 3.1',
    engines: ['vllm', 'sglang', 'llamacpp'],
  },
  PixtralForConditionalGeneration: { name: "Pixtral in Mistral's own layout", engines: ['vllm'] },
  Phi3VForCausalLM: { name: 'Phi-3 Vision', engines: ['vllm'] },
  Phi4MMForCausalLM: { name: 'Phi-4 Multimodal', engines: ['vllm', 'sglang'] },
  Glm4vForConditionalGeneration: {
    name: 'GLM-4.1V',
    engines: ['vllm', 'sglang', 'llamacpp'],
    note: glmTemplate,
  },
  Glm4vMoeForConditionalGeneration: {
    name: 'GLM-4.5V',
    engines: ['vllm', 'sglang', 'llamacpp'],
    note: glmTemplate,
  },
  KimiVLForConditionalGeneration: { name: 'Kimi-VL', engines: ['vllm', 'sglang', 'llamacpp'] },
  MolmoForCausalLM: { name: 'Molmo', engines: ['vllm'] },
  Molmo2ForConditionalGeneration: { name: 'Molmo 2', engines: ['vllm', 'sglang'] },
};

/** A family of models, and who runs it. */
interface EngineFamily {
  readonly name: string;
  readonly engines: readonly EngineName[];
  /** Its name in Ollama's library, which has its own conversions. */
  readonly ollama?: string;
  readonly note?: string;
}

/** An engine with a preset of its own for `--model remote:`. */
export type EngineName = 'vllm' | 'sglang' | 'llamacpp' | 'ollama';
