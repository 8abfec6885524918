"""Gives a graph's nodes and values the same order and names each time: tf2onnx makes up others in every run, and a committed file should be reproducible."""

from __future__ import annotations

import onnx


def rename_in_order(model: onnx.ModelProto) -> None:
    """Orders nodes and constants as the outputs need them, first input first, and numbers all inner values, in place."""
    graph = model.graph
    makers = {name: node for node in graph.node for name in node.output if name}
    constants = {tensor.name: tensor for tensor in graph.initializer}
    names = {value.name: value.name for value in [*graph.input, *graph.output]}
    nodes: list[onnx.NodeProto] = []
    tensors: list[onnx.TensorProto] = []
    for output in graph.output:
        _visit(output.name, makers, constants, names, nodes, tensors)
    for index, node in enumerate(nodes):
        renamed = onnx.NodeProto()
        renamed.CopyFrom(node)
        renamed.name = f"{node.op_type}_{index}"
        renamed.input[:] = [names.get(name, "") for name in node.input]
        renamed.output[:] = [names.get(name, "") for name in node.output]
        nodes[index] = renamed
    for tensor in tensors:
        tensor.name = names[tensor.name]
    del graph.value_info[:]
    kept = [tensor.SerializeToString(deterministic=True) for tensor in tensors]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(nodes)
    graph.initializer.extend(onnx.TensorProto.FromString(data) for data in kept)


def _visit(name: str, makers: dict, constants: dict, names: dict, nodes: list, tensors: list) -> None:
    """Depth first without recursion: graphs are deeper than Python's stack likes."""
    stack = [(name, False)]
    done: set[int] = {id(node) for node in nodes}
    while stack:
        value, ready = stack.pop()
        node = makers.get(value)
        if node is None:
            if value in constants and value not in names:
                names[value] = f"constant_{len(tensors)}"
                tensors.append(constants[value])
        elif ready and id(node) not in done:
            done.add(id(node))
            for output in node.output:
                if output:
                    names.setdefault(output, f"value_{len(names)}")
            nodes.append(node)
        elif id(node) not in done:
            stack.append((value, True))
            stack.extend((wanted, False) for wanted in reversed(node.input) if wanted)
