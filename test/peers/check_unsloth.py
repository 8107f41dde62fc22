"""Reads the settings with the schema of Unsloth's command line, which refuses unknown names."""

import json
import sys
from importlib.metadata import version
from pathlib import Path

from unsloth_cli.config import load_config

read = load_config(Path(sys.argv[1]) / "unsloth.yaml")
print(
    json.dumps(
        {
            "version": "unsloth " + version("unsloth"),
            "seed": read.training.random_seed,
            "answers": read.training.train_on_completions,
            "rank": read.lora.lora_r,
        }
    )
)
