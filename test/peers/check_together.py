"""Together's own check of files, and its own making of the job that would be sent."""

import json
import sys
from importlib.metadata import version
from pathlib import Path

from together.lib.resources.fine_tuning import create_finetune_request
from together.lib.utils.files import check_file
from together.types.finetune_model_limits import FinetuneModelLimits

folder = Path(sys.argv[1])
checks = [check_file(file) for file in sorted((folder / "data").glob("*.jsonl"))]
batches = {"max_batch_size": 64, "max_batch_size_dpo": 64, "min_batch_size": 8}
limits = FinetuneModelLimits.model_validate(
    {
        "model_name": "a model",
        "default_gradient_accumulation_steps": 1,
        "lora_training": {**batches, "default_rank": 8, "max_rank": 64, "target_modules": ["q_proj"]},
        "full_training": batches,
        "min_learning_rate": 1e-6,
        "max_learning_rate": 1e-2,
        "max_num_checkpoints": 20,
        "max_num_epochs": 20,
        "max_num_evals": 100,
        "max_seq_length_sft": 8192,
        "max_seq_length_dpo": 8192,
        "min_max_seq_length": 256,
        "merge_output_lora": False,
        "supports_full_training": True,
        "supports_reasoning": False,
        "supports_tools": False,
        "supports_vision": False,
    }
)
job = json.loads((folder / "job.json").read_text())
request, *_ = create_finetune_request(model_limits=limits, training_file="a", validation_file="b", **job)
print(
    json.dumps(
        {
            "version": "together " + version("together"),
            "passed": [check["is_check_passed"] for check in checks],
            "rows": [check["num_samples"] for check in checks],
            "request": request.model_dump(exclude_none=True),
        },
        default=str,
    )
)
