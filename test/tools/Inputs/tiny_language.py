# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Writes a language model that is small enough to make in a test: random
# weights, one layer, and the letters and bytes as tokens.
"""tiny_language.py OUT.gguf [bare|mute|experts]; bare has no tokenizer, mute
has no chat template. experts has those instead of one network, attention that
adds nothing, and its weights in OUT.gguf.npz."""

import struct
import sys

import numpy

WIDTH, HEADS, HIDDEN = 32, 2, 48
EXPERTS, USED = 5, 2
TEMPLATE = (
    "{{ bos_token }}{% for m in messages %}{{ m['role'] }}: "
    "{{ m['content'] }}\n{% endfor %}"
    "{% if add_generation_prompt %}assistant:{% endif %}"
)
WORDS = ["▁" + word for word in ("the", "cat", "dog")]
PARTS = ["th", "he", "ca", "at", "do", "og", "the", "cat", "dog"]
LETTERS = ["▁"] + [chr(ord("a") + i) for i in range(26)]
NORMAL, UNKNOWN, CONTROL, BYTE = 1, 2, 3, 6


def vocabulary():
    """Texts, scores and types."""
    rows = [("<unk>", 0.0, UNKNOWN), ("<s>", 0.0, CONTROL)]
    rows.append(("</s>", 0.0, CONTROL))
    rows += [(f"<0x{i:02X}>", 0.0, BYTE) for i in range(256)]
    rows += [
        (text, -float(i), NORMAL)
        for i, text in enumerate(WORDS + PARTS + LETTERS)
    ]
    return zip(*rows)


def string(text):
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


class Gguf:
    def __init__(self):
        self.keys, self.tensors, self.data = [], [], b""
        self.arrays = {}

    def key(self, name, kind, payload):
        self.keys.append(string(name) + struct.pack("<I", kind) + payload)

    def integer(self, name, value):
        self.key(name, 4, struct.pack("<I", value))

    def number(self, name, value):
        self.key(name, 6, struct.pack("<f", value))

    def text(self, name, value):
        self.key(name, 8, string(value))

    def array(self, name, kind, payloads):
        head = struct.pack("<IQ", kind, len(payloads))
        self.key(name, 9, head + b"".join(payloads))

    def tensor(self, name, array):
        self.arrays[name] = array.astype("<f4")
        sizes = array.shape[::-1]
        head = struct.pack(f"<I{len(sizes)}Q", len(sizes), *sizes)
        place = struct.pack("<IQ", 0, len(self.data))
        self.tensors.append(string(name) + head + place)
        self.data += array.astype("<f4").tobytes()
        self.data += bytes(-len(self.data) % 32)

    def build(self):
        counts = struct.pack("<QQ", len(self.tensors), len(self.keys))
        head = b"GGUF\3\0\0\0" + counts
        head += b"".join(self.keys) + b"".join(self.tensors)
        return head + bytes(-len(head) % 32) + self.data


def add_tokenizer(file, has_chat):
    texts, scores, types = vocabulary()
    file.text("tokenizer.ggml.model", "llama")
    file.array("tokenizer.ggml.tokens", 8, [string(t) for t in texts])
    file.array(
        "tokenizer.ggml.scores", 6, [struct.pack("<f", s) for s in scores]
    )
    file.array(
        "tokenizer.ggml.token_type", 5, [struct.pack("<i", t) for t in types]
    )
    file.integer("tokenizer.ggml.bos_token_id", 1)
    file.integer("tokenizer.ggml.eos_token_id", 2)
    file.integer("tokenizer.ggml.unknown_token_id", 0)
    if has_chat:
        file.text("tokenizer.chat_template", TEMPLATE)


def add_experts(file):
    random = numpy.random.default_rng(1)

    def add(name, *shape):
        values = random.standard_normal(shape) / shape[-1] ** 0.5
        file.tensor(f"blk.0.{name}.weight", 2 * values)

    add("ffn_gate_inp", EXPERTS, WIDTH)
    add("ffn_gate_exps", EXPERTS, HIDDEN, WIDTH)
    add("ffn_up_exps", EXPERTS, HIDDEN, WIDTH)
    add("ffn_down_exps", EXPERTS, WIDTH, HIDDEN)
    file.integer("llama.expert_count", EXPERTS)
    file.integer("llama.expert_used_count", USED)


def add_weights(file, words, has_experts):
    random = numpy.random.default_rng(0)

    def matrix(name, rows, columns):
        values = random.standard_normal((rows, columns)) / columns**0.5
        file.tensor(name, values)

    matrix("token_embd.weight", words, WIDTH)
    for name in ("attn_q", "attn_k", "attn_v"):
        matrix(f"blk.0.{name}.weight", WIDTH, WIDTH)
    if has_experts:
        file.tensor("blk.0.attn_output.weight", numpy.zeros((WIDTH, WIDTH)))
        add_experts(file)
    else:
        matrix("blk.0.attn_output.weight", WIDTH, WIDTH)
        matrix("blk.0.ffn_gate.weight", HIDDEN, WIDTH)
        matrix("blk.0.ffn_up.weight", HIDDEN, WIDTH)
        matrix("blk.0.ffn_down.weight", WIDTH, HIDDEN)
    for name in ("blk.0.attn_norm", "blk.0.ffn_norm", "output_norm"):
        file.tensor(name + ".weight", numpy.ones(WIDTH))
    # Not the embedding: else the model repeats its input.
    matrix("output.weight", words, WIDTH)


def main(path, kind=""):
    file = Gguf()
    file.text("general.architecture", "llama")
    file.text("general.name", "tiny")
    for name, value in (
        ("block_count", 1),
        ("embedding_length", WIDTH),
        ("context_length", 128),
        ("feed_forward_length", HIDDEN),
        ("attention.head_count", HEADS),
        ("attention.head_count_kv", HEADS),
    ):
        file.integer("llama." + name, value)
    file.number("llama.attention.layer_norm_rms_epsilon", 1e-6)
    if kind != "bare":
        add_tokenizer(file, kind != "mute")
    words = 3 + 256 + len(WORDS + PARTS + LETTERS)
    add_weights(file, words, kind == "experts")
    if kind == "experts":
        numpy.savez(path + ".npz", **file.arrays)
    with open(path, "wb") as out:
        out.write(file.build())


main(*sys.argv[1:])
