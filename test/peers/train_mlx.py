"""Reads the settings as `mlx_lm.lora --config lora.yaml` does, and trains eight batches."""

import json
import os
import sys
import types
from importlib.metadata import version

import yaml

os.chdir(sys.argv[1])

import mlx.core as mx
from mlx_lm import lora
from mlx_lm.tuner.datasets import load_dataset
from transformers import AutoTokenizer

with open("lora.yaml") as file:
    settings = yaml.load(file, lora.yaml_loader)
args = types.SimpleNamespace(**{**lora.CONFIG_DEFAULTS, **settings, "iters": 8})
tokenizer = AutoTokenizer.from_pretrained(args.model)
train, valid, _ = load_dataset(args, tokenizer)
rows = [train.process(train[index]) for index in range(len(train))]
lora.run(args)
adapters = mx.load(os.path.join(args.adapter_path, "adapters.safetensors"))
print(
    json.dumps(
        {
            "version": "mlx-lm " + version("mlx-lm"),
            "unknown": sorted(set(settings) - set(lora.CONFIG_DEFAULTS)),
            "rows": {"train": len(train), "valid": len(valid)},
            "learned": sorted({tokenizer.decode(tokens[offset:]) for tokens, offset in rows}),
            # The second half of an adapter begins as zeros: what is not, was learned.
            "moved": all(mx.abs(value).max().item() > 0 for name, value in adapters.items() if name.endswith("lora_b")),
            "adapters": len(adapters),
        }
    )
)
