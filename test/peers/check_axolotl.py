"""Reads the settings with Axolotl's schema, which lets unknown names pass: those are named here."""

import json
import sys
from importlib.metadata import version

import yaml
from axolotl.utils.schemas.config import AxolotlInputConfig
from axolotl.utils.schemas.datasets import SFTDataset

with open(sys.argv[1] + "/axolotl.yaml") as file:
    settings = yaml.safe_load(file)
read = AxolotlInputConfig(**settings)
unknown = set(settings) - set(AxolotlInputConfig.model_fields)
for data in [*settings["datasets"], *settings["test_datasets"]]:
    unknown |= set(data) - set(SFTDataset.model_fields)
print(
    json.dumps(
        {
            "version": "axolotl " + version("axolotl"),
            "unknown": sorted(unknown),
            "seed": read.seed,
            "split": read.val_set_size,
            "excess": read.excess_length_strategy,
        }
    )
)
