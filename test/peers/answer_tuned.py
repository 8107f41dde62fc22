"""What transformers and peft make of a model that tilth exported: `answer_tuned.py asked.json`, JSON on the last line.

The file has { kind, folder, base, gguf, chats, length }; kind is merged or peft, gguf the name of a file in `base`.
"""

import json
import sys

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

with open(sys.argv[1]) as file:
    asked = json.load(file)
place = asked["folder"] if asked["kind"] == "merged" else asked["base"]
named = {} if asked.get("gguf") is None else {"gguf_file": asked["gguf"]}
model = AutoModelForCausalLM.from_pretrained(place, dtype=torch.float32, **named).eval()
if asked["kind"] == "peft":
    model = PeftModel.from_pretrained(model, asked["folder"]).eval()
tokenizer = AutoTokenizer.from_pretrained(asked["folder"])
ends = model.generation_config.eos_token_id

answers = []
for messages in asked["chats"]:
    text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    ids = tokenizer(text, add_special_tokens=False, return_tensors="pt").input_ids
    with torch.no_grad():
        whole = model.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            max_new_tokens=asked["length"],
            do_sample=False,
            pad_token_id=0,
        )
    answers.append({"ids": ids[0].tolist(), "written": whole[0, ids.shape[1] :].tolist()})
print(json.dumps({"ends": ends, "answers": answers}))
