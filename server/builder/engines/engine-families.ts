/**
 * Vision language models by the class that config.json names, and the engines whose own documentation lists them. An
 * engine that is not named here may run a model all the same.
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
  Qwen2_5OmniModel: { name: 'Qwen2.5-Omni', engines: ['vllm', 'llamacpp'] },
  LlavaForConditionalGeneration: {
    name: 'LLaVA-1.5',
    engines: ['vllm', 'sglang', 'llamacpp', 'ollama'],
    ollama: 'llava',
  },
  LlavaLlamaForCausalLM: { name: 'LLaVA-1.5 in its original layout', engines: ['sglang'] },
  LlavaNextForConditionalGeneration: { name: 'LLaVA-NeXT', engines: ['vllm', 'llamacpp'] },
  LlavaNextVideoForConditionalGeneration: { name: 'LLaVA-NeXT-Video', engines: ['vllm'] },
  LlavaOnevisionForConditionalGeneration: {
    name: 'LLaVA-OneVision in the layout of transformers',
    engines: ['vllm'],
    note: 'exported for transformers.js (a folder with onnx/), Duet runs it itself',
  },
  InternVLChatModel: { name: 'InternVL', engines: ['vllm', 'sglang'] },
  InternVLForConditionalGeneration: { name: 'InternVL', engines: ['vllm', 'sglang', 'llamacpp'] },
  Gemma3ForConditionalGeneration: {
    name: 'Gemma 3',
    engines: ['vllm', 'sglang', 'llamacpp', 'ollama'],
    ollama: 'gemma3',
  },
  PaliGemmaForConditionalGeneration: { name: 'PaliGemma', engines: ['vllm'] },
  Idefics3ForConditionalGeneration: { name: 'Idefics3', engines: ['vllm', 'llamacpp'] },
  SmolVLMForConditionalGeneration: { name: 'SmolVLM', engines: ['vllm', 'llamacpp'] },
  MiniCPMV: {
    name: 'MiniCPM-V',
    engines: ['vllm', 'sglang', 'llamacpp', 'ollama'],
    ollama: 'minicpm-v',
  },
  MllamaForConditionalGeneration: {
    name: 'Llama 3.2 Vision',
    engines: ['sglang', 'ollama'],
    ollama: 'llama3.2-vision',
  },
  Llama4ForConditionalGeneration: {
    name: 'Llama 4',
    engines: ['vllm', 'sglang', 'llamacpp', 'ollama'],
    ollama: 'llama4',
  },
  Mistral3ForConditionalGeneration: {
    name: 'Mistral Small 3',
    engines: ['vllm', 'sglang', 'llamacpp', 'ollama'],
    ollama: 'mistral-small3.1',
  },
  PixtralForConditionalGeneration: { name: 'Pixtral', engines: ['vllm', 'llamacpp'] },
  Phi3VForCausalLM: { name: 'Phi-3 Vision', engines: ['vllm'] },
  Phi4MMForCausalLM: { name: 'Phi-4 Multimodal', engines: ['vllm', 'sglang'] },
  Glm4vForConditionalGeneration: { name: 'GLM-4V', engines: ['vllm', 'sglang'] },
  KimiVLForConditionalGeneration: { name: 'Kimi-VL', engines: ['vllm', 'sglang'] },
  DeepseekVLV2ForCausalLM: { name: 'DeepSeek-VL2', engines: ['vllm', 'sglang'] },
  MolmoForCausalLM: { name: 'Molmo', engines: ['vllm'] },
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
