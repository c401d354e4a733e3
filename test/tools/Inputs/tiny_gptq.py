# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Writes a checkpoint of one layer as GPTQ has it, with columns in the order of
# their importance, and the same in the floats that its codes stand for.
"""tiny_gptq.py FOLDER BITS GROUP [ordered]; FOLDER/floats is the other one."""

import json
import os
import struct
import sys

import numpy

WIDTH, HIDDEN, WORDS, HEADS = 64, 96, 100, 2
CONFIG = {
    "architectures": ["LlamaForCausalLM"],
    "model_type": "llama",
    "hidden_size": WIDTH,
    "intermediate_size": HIDDEN,
    "vocab_size": WORDS,
    "num_hidden_layers": 1,
    "num_attention_heads": HEADS,
    "num_key_value_heads": HEADS,
    "hidden_act": "silu",
    "max_position_embeddings": 64,
    "rms_norm_eps": 1e-5,
    "rope_theta": 10000.0,
    "tie_word_embeddings": False,
}
NAMES = {"float32": "F32", "float16": "F16", "int32": "I32"}
random = numpy.random.default_rng(0)


def write(folder, config, tensors):
    os.makedirs(folder, exist_ok=True)
    header, data = {}, b""
    for name, array in tensors.items():
        at = len(data)
        data += array.tobytes()
        header[name] = {
            "dtype": NAMES[array.dtype.name],
            "shape": array.shape,
            "data_offsets": [at, len(data)],
        }
    text = json.dumps(header).encode()
    with open(os.path.join(folder, "model.safetensors"), "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text + data)
    with open(os.path.join(folder, "config.json"), "w") as out:
        json.dump(config, out)


def pack(codes, bits):
    """Streams of bits down the columns of `codes`, as words of 32."""
    planes = codes[:, None, :] >> numpy.arange(bits)[None, :, None] & 1
    planes = planes.reshape(-1, 32, codes.shape[1]).astype(numpy.uint64)
    words = planes << numpy.arange(32, dtype=numpy.uint64)[None, :, None]
    return words.sum(1).astype(numpy.uint32).view(numpy.int32)


def quantize(rows, columns, bits, group, is_ordered):
    """The tensors of a module, and its matrix."""
    count = -(-columns // group)
    index = numpy.arange(columns) // group
    if not is_ordered:
        index = random.permutation(index)
    codes = random.integers(0, 1 << bits, (columns, rows))
    zeros = random.integers(1, 1 << bits, (count, rows))
    size = 2.0 / (1 << bits) / columns**0.5
    scales = (random.uniform(0.5, 1.5, (count, rows)) * size).astype("<f2")
    values = (codes - zeros[index]) * scales.astype("<f4")[index]
    parts = {
        "qweight": pack(codes, bits),
        "qzeros": pack(zeros.T - 1, bits).T.copy(),
        "scales": scales,
        "g_idx": index.astype("<i4"),
    }
    return parts, numpy.ascontiguousarray(values.T.astype("<f4"))


def main(folder, bits, group, order=""):
    bits, group = int(bits), int(group)
    shared = {
        "model.embed_tokens.weight": random.standard_normal((WORDS, WIDTH)),
        "lm_head.weight": random.standard_normal((WORDS, WIDTH)) / 8,
        "model.norm.weight": numpy.ones(WIDTH),
        "model.layers.0.input_layernorm.weight": numpy.ones(WIDTH),
        "model.layers.0.post_attention_layernorm.weight": numpy.ones(WIDTH),
    }
    shared = {name: array.astype("<f4") for name, array in shared.items()}
    codes, floats = dict(shared), dict(shared)
    shapes = {f"self_attn.{n}_proj": (WIDTH, WIDTH) for n in "qkvo"}
    shapes["mlp.gate_proj"] = shapes["mlp.up_proj"] = (HIDDEN, WIDTH)
    shapes["mlp.down_proj"] = (WIDTH, HIDDEN)
    for name, (rows, columns) in shapes.items():
        name = "model.layers.0." + name
        parts, values = quantize(rows, columns, bits, group, order != "")
        codes.update({f"{name}.{k}": part for k, part in parts.items()})
        floats[name + ".weight"] = values
    how = {
        "quant_method": "gptq",
        "bits": bits,
        "group_size": group,
        "desc_act": order == "",
        "sym": False,
        "checkpoint_format": "gptq",
    }
    write(folder, dict(CONFIG, quantization_config=how), codes)
    write(os.path.join(folder, "floats"), CONFIG, floats)


main(*sys.argv[1:])
