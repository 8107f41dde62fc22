"""Trains two steps with LLaMA-Factory's own runner. The CPU needs float32."""

import importlib.machinery
import json
import os
import sys
import types
from importlib.metadata import version

import yaml

# LLaMA-Factory imports it whatever the data, for sounds alone, and its wheels want CUDA.
sounds = types.ModuleType("torchaudio")
sounds.__spec__ = importlib.machinery.ModuleSpec("torchaudio", None)
sys.modules.setdefault("torchaudio", sounds)
os.chdir(sys.argv[1])

from llamafactory.data import get_dataset, get_template_and_fix_tokenizer
from llamafactory.hparams import get_train_args
from llamafactory.model import load_tokenizer
from llamafactory.train.tuner import run_exp

with open("sft.yaml") as file:
    settings = {**yaml.safe_load(file), "use_cpu": True, "bf16": False, "max_steps": 2}
model, data, training, _, _ = get_train_args(dict(settings))
parts = load_tokenizer(model)
template = get_template_and_fix_tokenizer(parts["tokenizer"], data)
read = get_dataset(template, model, data, training, stage="sft", **parts)
learned = [parts["tokenizer"].decode([id for id in row["labels"] if id != -100]) for row in read["train_dataset"]]
counts = {"train": len(read["train_dataset"]), "eval": sum(len(part) for part in read["eval_dataset"].values())} if isinstance(
    read["eval_dataset"], dict
) else {"train": len(read["train_dataset"]), "eval": len(read["eval_dataset"])}
run_exp(settings)
with open(os.path.join(settings["output_dir"], "trainer_state.json")) as file:
    log = json.load(file)["log_history"]
print(
    json.dumps(
        {
            "version": "llamafactory " + version("llamafactory"),
            "rows": counts,
            "learned": sorted(set(learned)),
            "losses": [entry["loss"] for entry in log if "loss" in entry],
            "saved": sorted(os.listdir(settings["output_dir"])),
        }
    )
)
