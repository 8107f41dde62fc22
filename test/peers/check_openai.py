"""
The checks of OpenAI's published notebook (openai-cookbook, Chat_finetuning_data_prep: "Format validation") on the data, the
job by the types of the openai package, and the exported train.py itself against a server on this machine.
"""

import json
import runpy
import sys
from importlib.metadata import version
from pathlib import Path

from openai.types.fine_tuning.job_create_params import JobCreateParams
from pydantic import ConfigDict, TypeAdapter

folder = Path(sys.argv[1])
problems = {}


def note(kind):
    problems[kind] = problems.get(kind, 0) + 1


rows = []
for file in sorted((folder / "data").glob("*.jsonl")):
    examples = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    rows.append(len(examples))
    for example in examples:
        if not isinstance(example, dict):
            note("data_type")
            continue
        messages = example.get("messages")
        if not messages:
            note("missing_messages_list")
            continue
        for message in messages:
            if "role" not in message or "content" not in message:
                note("message_missing_key")
            if any(key not in ("role", "content", "name", "function_call", "weight") for key in message):
                note("message_unrecognized_key")
            if message.get("role") not in ("system", "user", "assistant", "function"):
                note("unrecognized_role")
            content = message.get("content")
            if not content or not isinstance(content, str):
                note("missing_content")
        if not any(message.get("role") == "assistant" for message in messages):
            note("example_missing_assistant_message")

job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
JobCreateParams.__pydantic_config__ = ConfigDict(extra="forbid", strict=True)
TypeAdapter(JobCreateParams).validate_python({**job, "training_file": "file"})
runpy.run_path(str(folder / "train.py"), run_name="__main__")
print(json.dumps({"version": "openai " + version("openai"), "problems": problems, "rows": rows}))
