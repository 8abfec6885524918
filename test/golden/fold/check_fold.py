"""What transformers gives with folded checkpoints, against the heads of the checkpoints they were made from.

    for each of grid, tied and lora (with lora-adapter) of ../parity:
        duet model fold ../parity/NAME [--adapter ../parity/lora-adapter] --dtype float32 -o FOLDED/NAME
    python check_fold.py FOLDED

Writes expected.json: for every position of the fixture's `input_ids`, the log probabilities of the four tokens.
Fails if a score differs from the head's by more than 1e-4, by log probabilities or by hidden states.
"""

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file
from transformers import AutoProcessor, LlavaOnevisionForConditionalGeneration

HERE = Path(__file__).parent
PARITY = HERE.parent / "parity"
ADAPTERS = {"grid": None, "tied": None, "lora": "lora-adapter"}
CONVERSATION = [
    {"role": "system", "content": "Watch."},
    {"role": "user", "content": "Tell me."},
    {"role": "user", "content": [{"type": "image"}, {"type": "image"}]},
]
MARKUP = ("<|im_start|>system\nWatch.<|im_end|>\n<|im_start|>user\nTell me.<|im_end|>\n"
          "<|im_start|>stream\n<image><image>")


def heads_of(name):
    """The two heads as they are stored, [2, hidden] each."""
    files = sorted((PARITY / name).glob("model*.safetensors"))
    if ADAPTERS[name]:
        files.append(PARITY / ADAPTERS[name] / "adapter_model.safetensors")
    found = {}
    for file in files:
        for key, value in load_file(file).items():
            for head, names in {"informative": ("informative_head", "response_head"),
                                "relevance": ("relevance_head", "related_head")}.items():
                if any(part in key for part in names):
                    found[head] = value.float()
    return found


def scores_of_log_probabilities(log_probabilities, tokens):
    return {
        head: torch.sigmoid(
            log_probabilities[..., tokens[head]["yes"]["id"]] - log_probabilities[..., tokens[head]["no"]["id"]]
            + tokens[head]["offset"])
        for head in ("informative", "relevance")
    }


def check(name, folder):
    model, report = LlavaOnevisionForConditionalGeneration.from_pretrained(
        folder, dtype=torch.float32, output_loading_info=True)
    model.eval()
    wrong = [key for kind in ("missing_keys", "unexpected_keys", "mismatched_keys") for key in report[kind]]
    # The tower's last norm is not used: features are taken before it.
    assert all("post_layernorm" in key for key in wrong), wrong
    tokens = json.loads((folder / "duet-fold.json").read_text())
    heads = heads_of(name)
    expected = load_file(PARITY / name / "expected.safetensors")
    ids = expected["input_ids"].long().reshape(1, -1)
    with torch.no_grad():
        output = model(input_ids=ids, output_hidden_states=True)
    result = {}
    log_probabilities = torch.log_softmax(output.logits, -1)[0]
    folded = scores_of_log_probabilities(log_probabilities, tokens)
    for head, weight in heads.items():
        truth = torch.softmax(expected[head].float().reshape(-1, 2), -1)[:, 1]
        hidden = torch.softmax(output.hidden_states[-1][0] @ weight.T, -1)[:, 1]
        result[head] = [(folded[head] - truth).abs().max().item(), (hidden - truth).abs().max().item()]
    result["words"] = (output.logits[0, :, : expected["logits"].reshape(ids.shape[1], -1).shape[1]]
                       - expected["logits"].reshape(ids.shape[1], -1)).abs().max().item()
    if name != "lora":  # which pools by averages
        result["tower"] = compare_tower(model, expected["frame_embeds"])
    result["pictures"] = watch(model, folder, heads, tokens)
    chosen = [tokens[head][answer]["id"] for head in heads for answer in ("no", "yes")]
    return result, log_probabilities[:, chosen].tolist()


def fixture_pixels(index, side):
    """Picture `index` of the parity fixtures, normalised; see ../parity/README.md."""
    y, x, c = torch.meshgrid(torch.arange(side), torch.arange(side), torch.arange(3), indexing="ij")
    plain = (x * (1 + (7 * index) % 5) + y * (1 + (3 * index) % 4) + 53 * c + 29 * index) % 256
    inside = (x - (13 * index) % side) ** 2 + (y - (5 * index) % side) ** 2 < (side // 4) ** 2
    values = torch.where(inside, 255 - plain, plain).float()
    return ((values / 255 - 0.5) / 0.5).permute(2, 0, 1)


def compare_tower(model, expected):
    """Largest difference of tower and projector, pooled as MMDuet pools, for pictures 3 and 8."""
    side = model.config.vision_config.image_size
    pixels = torch.stack([fixture_pixels(index, side) for index in (3, 8)])
    with torch.no_grad():
        states = model.model.vision_tower(pixels, output_hidden_states=True).hidden_states[-1]
        features = model.model.multi_modal_projector(states)
    grid = side // model.config.vision_config.patch_size
    planes = features.transpose(1, 2).reshape(2, -1, grid, grid)
    pooled = torch.nn.functional.interpolate(planes, size=[-(-grid // 4)] * 2, mode="bilinear")
    return (pooled.flatten(2).transpose(1, 2) - expected).abs().max().item()


def watch(model, folder, heads, tokens):
    """Two pictures through the processor and the chat template; the largest difference at the last token."""
    processor = AutoProcessor.from_pretrained(folder)
    # As engines call it: with a generation prompt, unless the template's own argument says otherwise.
    text = processor.apply_chat_template(CONVERSATION, add_generation_prompt=True, duet_read=True)
    said = processor.apply_chat_template(CONVERSATION, add_generation_prompt=True)
    assert text == MARKUP and said == MARKUP + "<|im_end|>\n<|im_start|>assistant\n", (text, said)
    import numpy

    noise = numpy.random.default_rng(7)
    pictures = [noise.integers(0, 256, (64, 64, 3), dtype=numpy.uint8) for _ in range(2)]
    inputs = processor(text=text, images=pictures, return_tensors="pt")
    with torch.no_grad():
        output = model(**inputs, output_hidden_states=True)
    folded = scores_of_log_probabilities(torch.log_softmax(output.logits, -1)[0, -1], tokens)
    difference = 0
    for head, weight in heads.items():
        truth = torch.softmax(output.hidden_states[-1][0, -1] @ weight.T, -1)[1]
        difference = max(difference, (folded[head] - truth).abs().item())
    return difference


def main():
    written = {}
    for name in ADAPTERS:
        result, log_probabilities = check(name, Path(sys.argv[1]) / name)
        print(name, result)
        largest = max(*result["informative"], *result["relevance"], result["pictures"], result.get("tower", 0))
        assert largest <= 1e-4, largest
        written[name] = [[round(value, 6) for value in row] for row in log_probabilities]
    (HERE / "expected.json").write_text(json.dumps(written) + "\n")


main()
