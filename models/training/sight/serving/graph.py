"""The frame tokens as an ONNX graph: slots [n, 12, 133] and scene [n, 8] -> frame_embeds [n, 5, hidden], float32."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from sight.association import CLASSES, FACTS, FEATURES, FRAME_FACTS, SLOTS
from sight.tokens import CLASS_TOKENS, TOKENS, ClassTokens, FrameTokens, WholeTokens

OPSET = 20


def tokens_graph(module: FrameTokens) -> onnx.ModelProto:
    """The module's forward pass, node by node."""
    return _Writer(module).write()


class _Writer:
    def __init__(self, module: FrameTokens) -> None:
        self.module, self.nodes, self.weights = module, [], []
        self.tokens, self.width, self.hidden = module.whole.tokens, module.whole.query.shape[1], module.whole.out.out_features

    def write(self) -> onnx.ModelProto:
        joined = self.node("Concat", self.classes(self.module.classes), self.whole(self.module.whole), axis=1)
        self.nodes.append(helper.make_node("Identity", [joined], ["frame_embeds"]))
        value = helper.make_tensor_value_info
        graph = helper.make_graph(
            self.nodes, "tokens",
            [value("slots", TensorProto.FLOAT, ["n", SLOTS, FEATURES]), value("scene", TensorProto.FLOAT, ["n", FRAME_FACTS])],
            [value("frame_embeds", TensorProto.FLOAT, ["n", TOKENS, self.hidden])], self.weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10)
        onnx.checker.check_model(model, full_check=True)
        return model

    def classes(self, module: ClassTokens) -> str:
        """The classes that matter most, each with its counts."""
        present, found, known, times = self.feature(0), self.feature(1), self.feature(45), self.feature(5)
        lost = self.node("Mul", self.feature(2), self.floats(2))
        best_class = self.node("ArgMax", self.node("Slice", "slots", self.ints([FACTS]), self.ints([FEATURES]), self.ints([2])), axis=2, keepdims=0)
        kind = self.node("Mul", self.one_hot(best_class, CLASSES), self.column(present))
        alike = self.node("MatMul", kind, self.node("Transpose", kind, perm=[0, 2, 1]))
        event = self.node("ReduceMax", self.node("Slice", "slots", self.ints([46]), self.ints([52]), self.ints([2])), self.ints([2]), keepdims=0)
        lively = self.node("MatMul", kind, self.constant(module.lively.numpy()))
        height = self.node("Exp", self.node("Sub", self.feature(16), self.floats(1.5)))
        worth = self.node("Add", self.node("Add", self.floats(1), self.node("Mul", event, self.floats(4))), self.node("Add", self.node("Mul", lively, self.floats(2)), height))
        worth = self.node("Mul", present, worth)
        before = self.node("ReduceSum", self.node("Mul", alike, self.constant(np.tril(np.ones((SLOTS, SLOTS), np.float32), -1))), self.ints([2]), keepdims=0)
        first = self.cast(self.node("Equal", before, self.floats(0)))
        most = self.node("ReduceMax", self.node("Mul", alike, self.node("Unsqueeze", worth, self.ints([1]))), self.ints([2]), keepdims=0)
        best, chosen = f"best{len(self.nodes)}", f"chosen{len(self.nodes)}"
        self.nodes.append(helper.make_node("TopK", [self.node("Mul", first, most), self.ints([CLASS_TOKENS])], [best, chosen], axis=1))
        members = self.node("MatMul", self.one_hot(chosen, SLOTS), alike)
        members = self.node("Mul", members, self.column(self.cast(self.node("Greater", best, self.floats(0)))))
        recent, within = (self.cast(self.node("LessOrEqual", lost, self.floats(limit))) for limit in (0.6, 3))
        often = self.cast(self.node("GreaterOrEqual", times, self.floats(2 / 6)))
        known = self.node("Mul", known, recent)
        counted = [self.node("Mul", found, present), known, self.node("Mul", self.node("Mul", present, often), within)]
        middle = self.node("Add", self.node("Mul", self.node("Add", self.feature(7), self.feature(9)), self.floats(0.25)), self.floats(0.5))
        central = self.node("And", self.node("Greater", middle, self.floats(0.37)), self.node("Less", middle, self.floats(0.63)))
        places = [self.node("Less", middle, self.floats(0.3)), central, self.node("Greater", middle, self.floats(0.7))]
        thirds = [self.node("Mul", self.cast(place), known) for place in places]
        total = self.node("Max", self.node("ReduceSum", members, self.ints([2]), keepdims=1), self.floats(1))
        pooled = self.node("Mul", self.node("MatMul", members, self.gelu(self.linear(module.slot[0], "slots"))), self.floats(0.5))
        parts = [pooled, self.node("MatMul", self.node("Div", members, total), kind), self.numbers(members, counted, module.MOST), self.numbers(members, thirds, module.MOST_IN_THIRD)]
        return self.norm(module.scale, self.linear(module.out, self.node("Concat", *parts, axis=2)))

    def numbers(self, members: str, columns: list[str], most: int) -> str:
        """How many of the members have each property, as one of 0 ... most."""
        counts = self.node("MatMul", members, self.node("Concat", *(self.column(column) for column in columns), axis=2))
        counts = self.node("Unsqueeze", self.node("Min", counts, self.floats(most)), self.ints([3]))
        distance = self.node("Abs", self.node("Sub", counts, self.constant(np.arange(most + 1, dtype=np.float32))))
        steps = self.node("Max", self.node("Sub", self.floats(1), distance), self.floats(0))
        return self.node("Reshape", steps, self.ints([0, 0, len(columns) * (most + 1)]))

    def whole(self, module: WholeTokens) -> str:
        """The frame as a whole."""
        width = self.width
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
        return self.norm(module.scale, self.linear(module.out, self.node("Concat", asked, together, axis=2)))

    def feature(self, index: int) -> str:
        """One feature of every slot, [n, 12]."""
        return self.node("Gather", "slots", self.constant(np.array(index, np.int64)), axis=2)

    def column(self, line: str) -> str:
        return self.node("Unsqueeze", line, self.ints([2]))

    def cast(self, line: str) -> str:
        return self.node("Cast", line, to=TensorProto.FLOAT)

    def one_hot(self, line: str, size: int) -> str:
        return self.node("OneHot", line, self.constant(np.array(size, np.int64)), self.constant(np.array([0, 1], np.float32)), axis=-1)

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
