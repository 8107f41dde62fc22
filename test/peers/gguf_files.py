"""Writes test/fixtures/gguf with the package gguf: blocks of every type as it reads them, and the decoders of
test/fixtures/decoder as GGUF files, laid out as llama.cpp's convert_hf_to_gguf.py does.

    python -m venv venv && venv/bin/pip install gguf==0.19.0 safetensors==0.8.0 sentencepiece==0.2.1
    venv/bin/python test/peers/gguf_files.py
"""

import base64
import io
import json
import math
import struct
from pathlib import Path

import gguf
import numpy as np
import sentencepiece

FIXTURES = Path(__file__).parent.parent / "fixtures"
FOLDER = FIXTURES / "gguf"
TYPES = ["F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"]
# Where the 16-bit floats of a block stand.
HALVES = {
    "Q8_0": [0],
    "Q4_0": [0],
    "Q4_1": [0, 2],
    "Q5_0": [0],
    "Q5_1": [0, 2],
    "Q4_K": [0, 2],
    "Q5_K": [0, 2],
    "Q6_K": [208],
}


def blocks():
    """Random bytes, but for the scales, which must be numbers; one of them is below the least normal one."""
    random = np.random.default_rng(7)
    written = {}
    for name in TYPES:
        kind = gguf.GGMLQuantizationType[name]
        values, size = gguf.GGML_QUANT_SIZES[kind]
        if name in HALVES:
            data = random.integers(0, 256, (3, size), dtype=np.uint8)
            for row in range(3):
                for place in HALVES[name]:
                    scale = np.float16(3e-6 if row == 2 else random.normal())
                    data[row, place : place + 2] = np.frombuffer(scale.tobytes(), np.uint8)
        else:
            numbers = np.append(random.normal(size=13), [0, -0.0, 65504]).astype(np.float32)
            data = gguf.quantize(numbers.reshape(1, -1), kind).view(np.uint8)
        read = gguf.dequantize(data.reshape(-1, data.shape[-1]), kind).astype(np.float32)
        written[name] = {
            "type": int(kind),
            "bytes": base64.b64encode(data.tobytes()).decode(),
            "floats": base64.b64encode(read.tobytes()).decode(),
        }
    (FOLDER / "blocks.json").write_text(json.dumps(written, indent=1))


def tensors(folder):
    """Name, type, shape and bytes of everything in a folder's safetensors."""
    for path in sorted(folder.glob("model*.safetensors")):
        data = path.read_bytes()
        (length,) = struct.unpack("<Q", data[:8])
        header = json.loads(data[8 : 8 + length])
        for name, entry in header.items():
            if name == "__metadata__":
                continue
            start, end = (8 + length + offset for offset in entry["data_offsets"])
            yield name, entry["dtype"], entry["shape"], data[start:end]


def permute(rows, heads):
    """convert_hf_to_gguf.py, LlamaModel.permute."""
    return rows.reshape(heads, 2, rows.shape[0] // heads // 2, *rows.shape[1:]).swapaxes(1, 2).reshape(rows.shape)


def add_tokenizer(writer, folder):
    tokenizer = json.loads((folder / "tokenizer.json").read_text())
    special = {token["id"] for token in tokenizer["added_tokens"]}
    tokens = sorted(tokenizer["model"]["vocab"].items(), key=lambda item: item[1])
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list([token for token, _ in tokens])
    writer.add_token_types([3 if id in special else 1 for _, id in tokens])
    writer.add_token_merges([" ".join(merge) for merge in tokenizer["model"]["merges"]])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(3)
    writer.add_pad_token_id(0)
    writer.add_chat_template((FIXTURES / "decoder" / "llama" / "chat_template.jinja").read_text())


def write_model(architecture, name):
    folder = FIXTURES / "decoder" / name
    config = json.loads((folder / "config.json").read_text())
    writer = gguf.GGUFWriter(FOLDER / f"{name}.gguf", architecture)
    writer.add_name(f"tiny {name}")
    writer.add_license("mit")
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    rope = config["rope_parameters"]
    writer.add_rope_freq_base(rope["rope_theta"])
    width = config.get("head_dim") or config["hidden_size"] // config["num_attention_heads"]
    writer.add_key_length(width)
    writer.add_value_length(width)
    if rope["rope_type"] == "yarn":
        writer.add_rope_scaling_type(gguf.RopeScalingType.YARN)
        writer.add_rope_scaling_factor(rope["factor"])
        writer.add_rope_scaling_orig_ctx_len(rope["original_max_position_embeddings"])
    add_tokenizer(writer, FIXTURES / "decoder" / ("llama" if name == "qwen3" else name))
    if rope["rope_type"] == "llama3":
        writer.add_tensor("rope_freqs.weight", llama3_factors(rope, width))
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH[architecture.upper()], config["num_hidden_layers"])
    for key, dtype, shape, data in tensors(folder):
        array = np.frombuffer(data, {"F32": np.float32, "F16": np.float16, "BF16": np.uint16}[dtype]).reshape(shape)
        if architecture == "llama" and "q_proj" in key:
            array = permute(array, config["num_attention_heads"])
        if architecture == "llama" and "k_proj" in key:
            array = permute(array, config["num_key_value_heads"])
        kind = {"BF16": gguf.GGMLQuantizationType.BF16}.get(dtype)
        if len(shape) == 1:
            # One row of numbers stays in 32 bits, as llama.cpp wants it.
            array = (array.astype(np.uint32) << 16).view(np.float32) if kind else array.astype(np.float32)
            kind = None
        if kind:
            array = array.view(np.uint8)
        writer.add_tensor(names.get_name(key, try_suffixes=(".weight", ".bias")), array, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def llama3_factors(rope, width):
    """convert_hf_to_gguf.py, LlamaModel.generate_extra_tensors."""
    factor, low, high = rope["factor"], rope["low_freq_factor"], rope["high_freq_factor"]
    original = rope["original_max_position_embeddings"]
    factors = []
    for frequency in 1.0 / (rope["rope_theta"] ** (np.arange(0, width, 2, dtype=np.float32) / width)):
        wavelength = 2 * math.pi / frequency
        if wavelength < original / high:
            factors.append(1)
        elif wavelength > original / low:
            factors.append(factor)
        else:
            smooth = (original / wavelength - low) / (high - low)
            factors.append(1 / ((1 - smooth) / factor + smooth))
    return np.array(factors, dtype=np.float32)


def sentence_piece():
    texts = json.loads((FIXTURES / "decoder" / "expected.json").read_text())["texts"]
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts * 20),
        model_writer=model,
        model_type="bpe",
        vocab_size=420,
        byte_fallback=True,
        split_digits=True,
        normalization_rule_name="identity",
        remove_extra_whitespaces=False,
        allow_whitespace_only_pieces=True,
        user_defined_symbols=["<|turn|>"],
        character_coverage=0.99,
        minloglevel=2,
    )
    pieces = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    ids = range(pieces.get_piece_size())
    kind = lambda id: (
        2
        if pieces.is_unknown(id)
        else 3
        if pieces.is_control(id)
        else 6
        if pieces.is_byte(id)
        else 4
        if pieces.id_to_piece(id) == "<|turn|>"
        else 1
    )
    asked = [*texts, "Harbours unheard of: Ωmega 42.", "in the  bay", "1234"]
    written = {
        "tokens": [pieces.id_to_piece(id) for id in ids],
        "scores": [pieces.get_score(id) for id in ids],
        "types": [kind(id) for id in ids],
        "texts": asked,
        "ids": [pieces.encode(text) for text in asked],
    }
    (FOLDER / "sentence-piece.json").write_text(json.dumps(written, ensure_ascii=False))


def main():
    FOLDER.mkdir(exist_ok=True)
    blocks()
    write_model("llama", "llama")
    write_model("qwen2", "qwen2")
    write_model("qwen3", "qwen3")
    sentence_piece()


main()
