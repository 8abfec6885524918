"""The frame tokens as an ONNX graph: slots [n, 12, 133] and scene [n, 8] -> frame_embeds [n, tokens, hidden], float32."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from sight.association import FEATURES, FRAME_FACTS, SLOTS
from sight.tokens import FrameTokens

OPSET = 20


def tokens_graph(module: FrameTokens) -> onnx.ModelProto:
    """The module's forward pass, node by node."""
    return _Writer(module).write()


class _Writer:
    def __init__(self, module: FrameTokens) -> None:
        self.module, self.nodes, self.weights = module, [], []
        self.tokens, self.width, self.hidden = module.tokens, module.query.shape[1], module.out.out_features

    def write(self) -> onnx.ModelProto:
        module, width = self.module, self.width
        present = self.node("Slice", "slots", self.ints([0]), self.ints([1]), self.ints([2]))
        things = self.node("Mul", self.linear(module.slot[2], self.gelu(self.linear(module.slot[0], "slots"))), present)
        asked = self.node("Reshape", self.linear(module.fact, "scene"), self.ints([-1, self.tokens, width]))
        queries = self.node("Add", asked, self.constant(module.query.detach().numpy()))
        line = self.node("Concat", things, queries, axis=1)
        flat = self.node("Mul", self.node("Sub", self.node("Reshape", present, self.ints([0, 1, 1, SLOTS])), self.floats(1)), self.floats(1e4))
        zeros = self.node("Mul", self.node("Slice", flat, self.ints([0]), self.ints([self.tokens]), self.ints([3])), self.floats(0))
        mask = self.node("Concat", flat, zeros, axis=3)
        for layer in module.layers:
            line = self.layer(layer, line, mask)
        line = self.norm(module.norm, line)
        seen = self.node("Slice", line, self.ints([0]), self.ints([SLOTS]), self.ints([1]))
        asked = self.node("Slice", line, self.ints([SLOTS]), self.ints([SLOTS + self.tokens]), self.ints([1]))
        summed = self.node("ReduceSum", self.node("Mul", self.gelu(self.linear(module.sum[0], seen)), present), self.ints([1]), keepdims=1)
        together = self.node("Tile", self.node("Mul", summed, self.floats(0.25)), self.ints([1, self.tokens, 1]))
        out = self.norm(module.scale, self.linear(module.out, self.node("Concat", asked, together, axis=2)))
        self.nodes.append(helper.make_node("Identity", [out], ["frame_embeds"]))
        value = helper.make_tensor_value_info
        graph = helper.make_graph(
            self.nodes, "tokens",
            [value("slots", TensorProto.FLOAT, ["n", SLOTS, FEATURES]), value("scene", TensorProto.FLOAT, ["n", FRAME_FACTS])],
            [value("frame_embeds", TensorProto.FLOAT, ["n", self.tokens, self.hidden])], self.weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10)
        onnx.checker.check_model(model, full_check=True)
        return model

    def layer(self, layer: nn.Module, line: str, mask: str) -> str:
        """Attention over slots and queries, and the feed-forward part."""
        heads, size = layer.heads, self.width // layer.heads
        inward = self.node("Reshape", self.linear(layer.inward, self.norm(layer.norm1, line)), self.ints([0, 0, 3, heads, size]))
        parts = self.node("Transpose", inward, perm=[2, 0, 3, 1, 4])
        query, key, value = (self.node("Gather", parts, self.constant(np.array(part, np.int64)), axis=0) for part in range(3))
        scores = self.node("Mul", self.node("MatMul", query, self.node("Transpose", key, perm=[0, 1, 3, 2])), self.floats(size ** -0.5))
        weights = self.node("Softmax", self.node("Add", scores, mask), axis=-1)
        seen = self.node("Reshape", self.node("Transpose", self.node("MatMul", weights, value), perm=[0, 2, 1, 3]), self.ints([0, 0, self.width]))
        line = self.node("Add", line, self.linear(layer.outward, seen))
        return self.node("Add", line, self.linear(layer.mlp[2], self.gelu(self.linear(layer.mlp[0], self.norm(layer.norm2, line)))))

    def linear(self, module: nn.Linear, line: str) -> str:
        product = self.node("MatMul", line, self.constant(module.weight.detach().numpy().T.copy()))
        return self.node("Add", product, self.constant(module.bias.detach().numpy()))

    def norm(self, module: nn.LayerNorm, line: str) -> str:
        return self.node("LayerNormalization", line, self.constant(module.weight.detach().numpy()), self.constant(module.bias.detach().numpy()), axis=-1, epsilon=module.eps)

    def gelu(self, line: str) -> str:
        return self.node("Gelu", line)

    def node(self, operator: str, *inputs: str, **attributes: object) -> str:
        name = f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [name], **attributes))
        return name

    def constant(self, value: np.ndarray) -> str:
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(value, name))
        return name

    def ints(self, values: list[int]) -> str:
        return self.constant(np.array(values, np.int64))

    def floats(self, value: float) -> str:
        return self.constant(np.array(value, np.float32))
