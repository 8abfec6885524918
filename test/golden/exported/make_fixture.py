"""A tiny random LLaVA-OneVision in the layout of transformers.js, and what transformers gives with its weights.

    python make_fixture.py          (torch, transformers, onnx, onnxruntime)

Writes `model/` (config.json, preprocessor_config.json, tokenizer.json, onnx/*.onnx) and expected.json: for a conversation of
pictures and a question the probability of yes after every picture, and greedy replies. Everything is computed
anew from the whole conversation by transformers, without a cache. The graphs are exported from classes written here, so they are checked
against transformers, too.
"""

import json
import math
import shutil
from pathlib import Path

import numpy
import onnx
import torch
from onnx import numpy_helper
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer
from tokenizers import Tokenizer
from transformers import LlavaOnevisionConfig, LlavaOnevisionForConditionalGeneration

HERE = Path(__file__).parent
MODEL = HERE / "model"
SIDE, PATCH, WIDTH, LAYERS, HEADS, PAIRS, HEAD = 21, 7, 32, 2, 4, 2, 8
SYSTEM = "You are a helpful assistant."
INFORMATIVE = "Does the newest picture show something new that is worth telling? Answer yes or no."
RELEVANCE = "Does the newest picture answer what the user asked? Answer yes or no."
TELL = "Say in one short sentence what is new in the newest picture."
ANSWER = "Answer what the user asked in one short sentence, by what the newest pictures show."


def make_tokenizer():
    tokenizer = json.loads((HERE.parent / "parity" / "grid" / "tokenizer.json").read_text())
    tokenizer["added_tokens"].append({**tokenizer["added_tokens"][0], "id": 403, "content": "<image>"})
    (MODEL / "tokenizer.json").write_text(json.dumps(tokenizer, ensure_ascii=False))


def make_model():
    torch.manual_seed(20261130)
    text = dict(model_type="qwen2", hidden_size=WIDTH, intermediate_size=48, num_hidden_layers=LAYERS,
                num_attention_heads=HEADS, num_key_value_heads=PAIRS, max_position_embeddings=4096, rms_norm_eps=1e-6,
                rope_theta=1000000.0, vocab_size=404, hidden_act="silu", tie_word_embeddings=False, eos_token_id=402)
    vision = dict(model_type="siglip_vision_model", hidden_size=16, intermediate_size=32, num_hidden_layers=2,
                  num_attention_heads=2, image_size=SIDE, patch_size=PATCH, hidden_act="gelu_pytorch_tanh",
                  layer_norm_eps=1e-6, vision_use_head=False)
    config = LlavaOnevisionConfig(text_config=text, vision_config=vision, image_token_index=403,
                                  video_token_index=403, tie_word_embeddings=False)
    model = LlavaOnevisionForConditionalGeneration(config).float().eval()
    for name, parameter in model.named_parameters():
        size = 0.9 if "lm_head" in name or "embed_tokens" in name else 0.35
        noise = torch.randn_like(parameter) * size
        noise = noise.half().float()  # so that half of the bytes hold them exactly
        parameter.data = (1 + 0.1 * noise).half().float() if name.endswith("norm.weight") or "layer_norm" in name and name.endswith("weight") else noise
    written = {
        "architectures": ["LlavaOnevisionForConditionalGeneration"], "model_type": "llava_onevision",
        "image_token_index": 403, "video_token_index": 403, "vision_feature_layer": -1,
        "vision_feature_select_strategy": "full", "tie_word_embeddings": False, "text_config": text, "vision_config": vision,
    }
    (MODEL / "config.json").write_text(json.dumps(written, indent=1))
    half = [0.5, 0.5, 0.5]
    (MODEL / "preprocessor_config.json").write_text(json.dumps({
        "image_processor_type": "LlavaOnevisionImageProcessor", "size": {"height": SIDE, "width": SIDE}, "resample": 3,
        "do_rescale": True, "rescale_factor": 1 / 255, "do_normalize": True, "image_mean": half, "image_std": half}, indent=1))
    return model


class Vision(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.tower, self.projector = model.model.vision_tower, model.model.multi_modal_projector

    def forward(self, pixel_values):
        embeddings = self.tower.embeddings
        x = embeddings.patch_embedding(pixel_values).flatten(2).transpose(1, 2)
        x = x + embeddings.position_embedding.weight
        for layer in self.tower.encoder.layers:
            y, attention = layer.layer_norm1(x), layer.self_attn
            split = lambda z: z.reshape(z.shape[0], -1, 2, 8).transpose(1, 2)
            q, k, v = split(attention.q_proj(y)), split(attention.k_proj(y)), split(attention.v_proj(y))
            mixed = torch.softmax(q @ k.transpose(2, 3) / math.sqrt(8), -1) @ v
            x = x + attention.out_proj(mixed.transpose(1, 2).flatten(2))
            x = x + layer.mlp.fc2(torch.nn.functional.gelu(layer.mlp.fc1(layer.layer_norm2(x)), approximate="tanh"))
        return self.projector(x)


class Embed(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.embed = model.model.language_model.embed_tokens

    def forward(self, input_ids):
        return self.embed(input_ids)


class Decoder(torch.nn.Module):
    """`branch`: whether the graph ignores its past when use_cache_branch is false, as optimum's merged graphs do."""

    def __init__(self, model, branch):
        super().__init__()
        self.language, self.head, self.branch = model.model.language_model, model.lm_head, branch

    def forward(self, inputs_embeds, attention_mask, position_ids, *past):
        if self.branch:
            use, *past = past
            past = [each[:, :, : each.shape[2] * use.long()[0]] for each in past]
            attention_mask = attention_mask[:, attention_mask.shape[1] - inputs_embeds.shape[1] - past[0].shape[2]:]
        x, presents = inputs_embeds, []
        frequencies = 1.0 / (1000000.0 ** (torch.arange(0, HEAD, 2).float() / HEAD))
        angles = position_ids[:, :, None].float() * frequencies
        angles = torch.cat([angles, angles], -1)[:, None]
        rotate = lambda z: z * angles.cos() + torch.cat([-z[..., HEAD // 2:], z[..., : HEAD // 2]], -1) * angles.sin()
        for index, layer in enumerate(self.language.layers):
            y, attention = layer.input_layernorm(x), layer.self_attn
            split = lambda z, heads: z.reshape(1, -1, heads, HEAD).transpose(1, 2)
            q = rotate(split(attention.q_proj(y), HEADS))
            k = torch.cat([past[2 * index], rotate(split(attention.k_proj(y), PAIRS))], 2)
            v = torch.cat([past[2 * index + 1], split(attention.v_proj(y), PAIRS)], 2)
            presents += [k, v]
            many = lambda z: z[:, :, None].expand(-1, -1, HEADS // PAIRS, -1, -1).reshape(1, HEADS, -1, HEAD)
            scores = q @ many(k).transpose(2, 3) / math.sqrt(HEAD)
            total, new = k.shape[2], q.shape[2]
            seen = torch.arange(total)[None, :] <= torch.arange(new)[:, None] + (total - new)
            scores = scores.masked_fill(~(seen & attention_mask[0].bool()[None, :]), -1e9)
            x = x + attention.o_proj((torch.softmax(scores, -1) @ many(v)).transpose(1, 2).flatten(2))
            y = layer.post_attention_layernorm(x)
            x = x + layer.mlp.down_proj(torch.nn.functional.silu(layer.mlp.gate_proj(y)) * layer.mlp.up_proj(y))
        return (self.head(self.language.norm(x)), *presents)


def export(module, inputs, names, outputs, dynamic, path):
    torch.onnx.export(module, inputs, str(path), input_names=names, output_names=outputs, dynamic_axes=dynamic,
                      opset_version=17, dynamo=False)
    graph = onnx.load(path)
    for node in graph.graph.node:
        node.doc_string = ""
    onnx.save(graph, path)


def export_all(model):
    folder = MODEL / "onnx"
    folder.mkdir(parents=True)
    export(Vision(model), (torch.zeros(2, 3, SIDE, SIDE),), ["pixel_values"], ["image_features"],
           {"pixel_values": {0: "n"}, "image_features": {0: "n"}}, folder / "vision_encoder.onnx")
    export(Embed(model), (torch.zeros(1, 3, dtype=torch.long),), ["input_ids"], ["inputs_embeds"],
           {"input_ids": {0: "b", 1: "s"}, "inputs_embeds": {0: "b", 1: "s"}}, folder / "embed_tokens.onnx")
    past = [torch.zeros(1, PAIRS, 2, HEAD) for _ in range(2 * LAYERS)]
    pasts = [f"past_key_values.{layer}.{part}" for layer in range(LAYERS) for part in ("key", "value")]
    presents = [f"present.{layer}.{part}" for layer in range(LAYERS) for part in ("key", "value")]
    dynamic = {"inputs_embeds": {1: "s"}, "attention_mask": {1: "t"}, "position_ids": {1: "s"}, "logits": {1: "s"}}
    dynamic |= {name: {2: "p"} for name in pasts} | {name: {2: "t"} for name in presents}
    first = (torch.zeros(1, 3, WIDTH), torch.ones(1, 5, dtype=torch.long), torch.arange(2, 5)[None])
    names = ["inputs_embeds", "attention_mask", "position_ids"]
    for branch, file in ((True, "decoder_model_merged.onnx"), (False, "decoder_model_merged_fp16.onnx")):
        use = [torch.tensor([True])] if branch else []
        export(Decoder(model, branch), (*first, *use, *past), names + ["use_cache_branch"] * branch + pasts,
               ["logits", *presents], dynamic, folder / file)
    quantize(folder)
    for path in folder.glob("*.onnx"):
        onnx.save(shortened(onnx.load(path)), path)
    for path in folder.glob("*.onnx"):
        if "q4" not in path.name:
            onnx.save(halved(onnx.load(path), "fp16" in path.name), path)


def quantize(folder):
    graph = onnx.load(folder / "decoder_model_merged_fp16.onnx")
    quantizer = MatMulNBitsQuantizer(graph, block_size=32, is_symmetric=True)
    quantizer.process()
    onnx.save(quantizer.model.model, folder / "decoder_model_merged_q4.onnx")


def shortened(model):
    """The same with short names inside."""
    graph = model.graph
    kept = {value.name for value in [*graph.input, *graph.output]} | {""}
    names = {}
    short = lambda name: name if name in kept else names.setdefault(name, f"v{len(names)}")
    for initializer in graph.initializer:
        initializer.name = short(initializer.name)
    for node in graph.node:
        node.name = ""
        node.input[:] = [short(name) for name in node.input]
        node.output[:] = [short(name) for name in node.output]
    del graph.value_info[:]
    return model


def halved(model, cache):
    """The same with its weights stored as float16, and a float16 cache if that is wanted, as some published graphs have."""
    graph = model.graph
    for initializer in list(graph.initializer):
        values = numpy_helper.to_array(initializer)
        if values.dtype != numpy.float32 or values.size < 16:
            continue
        name = initializer.name
        graph.initializer.remove(initializer)
        graph.initializer.append(numpy_helper.from_array(values.astype(numpy.float16), name + ".half"))
        graph.node.insert(0, onnx.helper.make_node("Cast", [name + ".half"], [name], to=onnx.TensorProto.FLOAT))
    for value in [*graph.input, *graph.output] if cache else []:
        if not value.name.startswith(("past", "present")):
            continue
        value.type.tensor_type.elem_type = onnx.TensorProto.FLOAT16
        name, wide = value.name, value.name + ".wide"
        for node in graph.node:
            node.input[:] = [wide if each == name else each for each in node.input]
            node.output[:] = [wide if each == name else each for each in node.output]
        if name.startswith("past"):
            graph.node.insert(0, onnx.helper.make_node("Cast", [name], [wide], to=onnx.TensorProto.FLOAT))
        else:
            graph.node.append(onnx.helper.make_node("Cast", [wide], [name], to=onnx.TensorProto.FLOAT16))
    onnx.checker.check_model(model)
    return model


def picture(index):
    """Picture `index` of the parity fixtures at this side, normalised; see ../parity/README.md."""
    y, x, c = torch.meshgrid(torch.arange(SIDE), torch.arange(SIDE), torch.arange(3), indexing="ij")
    plain = (x * (1 + (7 * index) % 5) + y * (1 + (3 * index) % 4) + 53 * c + 29 * index) % 256
    inside = (x - (13 * index) % SIDE) ** 2 + (y - (5 * index) % SIDE) ** 2 < (SIDE // 4) ** 2
    values = torch.where(inside, 255 - plain, plain).float()
    return ((values / 255 - 0.5) / 0.5).permute(2, 0, 1)


class Conversation:
    """The whole conversation as embeddings; every answer is computed anew from its beginning."""

    def __init__(self, model):
        self.model, self.tokenizer = model, Tokenizer.from_file(str(MODEL / "tokenizer.json"))
        self.rows = []
        self.say(["<|im_start|>", f"system\n{SYSTEM}", "<|im_end|>"])

    def tokens(self, pieces):
        special = {"<|im_start|>": 401, "<|im_end|>": 402}
        return [token for piece in pieces
                for token in ([special[piece]] if piece in special else self.tokenizer.encode(piece, add_special_tokens=False).ids)]

    def embed(self, tokens):
        return self.model.model.language_model.embed_tokens(torch.tensor(tokens, dtype=torch.long))

    def say(self, pieces):
        self.rows.append(self.embed(self.tokens(pieces)))

    def see(self, index):
        states = self.model.model.vision_tower(picture(index)[None], output_hidden_states=True).hidden_states[-1]
        self.rows.append(self.model.model.multi_modal_projector(states)[0])

    def logits(self, more=()):
        rows = torch.cat([*self.rows, *more])[None]
        hidden = self.model.model.language_model(inputs_embeds=rows, use_cache=False).last_hidden_state
        return self.model.lm_head(hidden)[0, -1]

    def turn(self, question):
        return self.embed(self.tokens([f"\n{question}", "<|im_end|>", "\n", "<|im_start|>", "assistant\n"]))

    def ask(self, question):
        probabilities = torch.softmax(self.logits([self.turn(question)]), -1)
        first = lambda words: {self.tokenizer.encode(word, add_special_tokens=False).ids[0] for word in words}
        yes, no = first(["Yes", "yes", "YES", " Yes", " yes"]), first(["No", "no", "NO", " No", " no"])
        yes, no = yes - no, no - yes
        one, other = probabilities[list(yes)].sum(), probabilities[list(no)].sum()
        return (one / (one + other)).item()

    def reply(self, question, most):
        rows, tokens, gap = [self.turn(question)], [], math.inf
        while len(tokens) < most:
            logits = self.logits(rows)
            best = logits.topk(2)
            gap = min(gap, (best.values[0] - best.values[1]).item())
            if best.indices[0].item() in (400, 402):
                break
            tokens.append(best.indices[0].item())
            rows.append(self.embed(tokens[-1:]))
        assert gap > 0.01, gap
        return tokens


def play(model):
    with torch.no_grad():
        talk = Conversation(model)
        talk.say(["\n", "<|im_start|>", "user\n"])
        frames = []
        for index in range(4):
            talk.see(index)
            frames.append({"picture": index, "informative": talk.ask(INFORMATIVE), "relevance": 0})
        told = talk.reply(TELL, 12)
        talk.say(["<|im_end|>", "\n", "<|im_start|>", "user\nWhere is the cat?", "<|im_end|>", "\n", "<|im_start|>", "user\n"])
        for index in range(4, 8):
            talk.see(index)
            frames.append({"picture": index, "informative": talk.ask(INFORMATIVE), "relevance": talk.ask(RELEVANCE)})
        return {"frames": frames, "told": told, "answered": talk.reply(ANSWER, 12)}


def compare_graphs(model):
    import onnxruntime

    talk = Conversation(model)
    with torch.no_grad():
        talk.see(3)
        rows = torch.cat(talk.rows)[None]
        truth = model.lm_head(model.model.language_model(inputs_embeds=rows, use_cache=False).last_hidden_state)
    run = lambda name: onnxruntime.InferenceSession(MODEL / "onnx" / name)
    features = run("vision_encoder.onnx").run(None, {"pixel_values": picture(3)[None].numpy()})[0]
    print("vision", numpy.abs(features[0] - talk.rows[-1].numpy()).max())
    for name, kind in (("", numpy.float32), ("_q4", numpy.float32), ("_fp16", numpy.float16)):
        session = run(f"decoder_model_merged{name}.onnx")
        count = rows.shape[1]
        feeds = {"inputs_embeds": rows.numpy(), "attention_mask": numpy.ones((1, count), numpy.int64),
                 "position_ids": numpy.arange(count)[None]}
        feeds |= {each.name: numpy.zeros((1, PAIRS, 0, HEAD), kind) for each in session.get_inputs() if each.name.startswith("past")}
        if name == "":
            feeds["use_cache_branch"] = numpy.array([False])
        print("decoder" + name, numpy.abs(session.run(["logits"], feeds)[0] - truth.numpy()).max())


def main():
    shutil.rmtree(MODEL, ignore_errors=True)
    MODEL.mkdir()
    make_tokenizer()
    model = make_model()
    export_all(model)
    compare_graphs(model)
    expected = play(model)
    print(expected)
    (HERE / "expected.json").write_text(json.dumps(expected) + "\n")


main()
