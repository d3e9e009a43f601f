#!/usr/bin/env python3
"""Seeds of fuzz_onnx_facts: make_onnx_corpus.py OUT-FOLDER. Small files in ONNX's wire format, right and wrong."""
import os
import sys


def varint(n):
    out = b""
    while n > 127:
        out += bytes([n & 127 | 128])
        n >>= 7
    return out + bytes([n])


def number(field, n):
    return varint(field << 3) + varint(n)


def block(field, content):
    content = content.encode() if isinstance(content, str) else content
    return varint(field << 3 | 2) + varint(len(content)) + content


def value(name, dims):
    shape = b"".join(block(1, number(1, d)) for d in dims)
    return block(1, name) + block(2, block(1, number(1, 1) + block(2, shape)))


def tensor(name, dims, kind=1, raw=None):
    count = 1
    for d in dims:
        count *= d
    raw = bytes(count * (4 if kind == 1 else 8)) if raw is None else raw
    return b"".join(number(1, d) for d in dims) + number(2, kind) + block(8, name) + block(9, raw)


def node(op, inputs, outputs, attribute=b""):
    return b"".join(block(1, i) for i in inputs) + b"".join(block(2, o) for o in outputs) + block(4, op) + attribute


def model(nodes=None, weights=None, inputs=None, outputs=None):
    nodes = nodes or [node("Conv", ["input", "w"], ["a"]), node("Softmax", ["a"], ["scores"]), node("Relu", ["a"], ["boxes"])]
    weights = weights or [tensor("w", [2, 3, 1, 1])]
    inputs = inputs or [value("input", [1, 3, 240, 320])]
    outputs = outputs or [value("scores", [1, 4420, 2]), value("boxes", [1, 4420, 4])]
    graph = b"".join(block(1, n) for n in nodes) + b"".join(block(5, w) for w in weights)
    graph += b"".join(block(11, i) for i in inputs) + b"".join(block(12, o) for o in outputs)
    return number(1, 6) + block(2, "seed") + block(7, graph) + block(8, number(2, 11))


whole = model()
attribute = block(5, block(1, "value") + block(5, tensor("", [2], 7)))
seeds = {
    "whole": whole,
    "empty_graph": number(1, 6) + block(7, b""),
    "cut": whole[: len(whole) // 2],
    "two_graphs": whole + block(7, b""),
    "constant": model(nodes=[node("Constant", [], ["c"], attribute), node("Reshape", ["input", "c"], ["boxes"]),
                             node("Softmax", ["input"], ["scores"])]),
    "operator": model(nodes=[node("Loop", ["input"], ["scores"])]),
    "dangling": model(nodes=[node("Relu", ["nowhere"], ["scores"]), node("Relu", ["input"], ["boxes"])]),
    "late": model(nodes=[node("Relu", ["b"], ["scores"]), node("Relu", ["input"], ["b"]), node("Relu", ["b"], ["boxes"])]),
    "short_weights": model(weights=[tensor("w", [2, 3, 1, 1], raw=bytes(5))]),
    "huge_weights": model(weights=[tensor("w", [1 << 40, 1 << 40], raw=b"")]),
    "external": model(weights=[tensor("w", [1]) + number(14, 1)]),
    "dynamic_input": model(inputs=[value("input", [1, 3, 0, 0])]),
    "swapped_outputs": model(outputs=[value("boxes", [1, 9, 4]), value("scores", [1, 9, 2])]),
    "many_dims": model(inputs=[value("input", [1] * 12)]),
    "yunet_like": model(outputs=[value("cls_8", [1, 1600, 1]), value("obj_8", [1, 1600, 1])]),
    "wild_length": b"\x3a\xff\xff\xff\xff\x0f",
}
os.makedirs(sys.argv[1], exist_ok=True)
for name, content in seeds.items():
    with open(os.path.join(sys.argv[1], name), "wb") as out:
        out.write(content)
