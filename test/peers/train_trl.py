"""Trains a few steps as `trl sft --config sft.yaml` does: its own parser, its own trainer. The CPU needs float32."""

import json
import os
import sys
from importlib.metadata import version

os.chdir(sys.argv[1])

from datasets import load_dataset
from trl import SFTTrainer, get_peft_config
from trl.scripts.sft import make_parser

script, training, model, _ = make_parser().parse_args_and_config(
    ["--config", "sft.yaml", "--max_steps", "4", "--use_cpu", "true", "--bf16", "false", "--dtype", "float32"],
    fail_with_unknown_args=True,
)
data = load_dataset(script.dataset_name)
trainer = SFTTrainer(
    model=model.model_name_or_path,
    args=training,
    train_dataset=data[script.dataset_train_split],
    eval_dataset=data[script.dataset_test_split],
    peft_config=get_peft_config(model),
)
batch = next(iter(trainer.get_train_dataloader()))
learned = [
    trainer.processing_class.decode([id for id in labels.tolist() if id != -100]) for labels in batch["labels"]
]
trainer.train()
trainer.save_model(training.output_dir)
log = trainer.state.log_history
print(
    json.dumps(
        {
            "version": "trl " + version("trl"),
            "rows": {name: len(part) for name, part in data.items()},
            "kept": len(trainer.train_dataset),
            "learned": learned,
            "losses": [entry["loss"] for entry in log if "loss" in entry],
            "evaluated": [entry["eval_loss"] for entry in log if "eval_loss" in entry],
            "saved": sorted(os.listdir(training.output_dir)),
            "seed": training.seed,
            "epochs": training.num_train_epochs,
            "rank": trainer.model.peft_config["default"].r,
            "targets": sorted(trainer.model.peft_config["default"].target_modules),
        }
    )
)
