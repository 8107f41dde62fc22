"""What transformers and peft read from folders that tilth wrote: `open_saved.py base adapter fixture`, JSON to stdout."""

import json
import sys

import torch
from peft import PeftModel
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer

base, adapter, fixture = sys.argv[1:]
expected = load_file(f"{fixture}/expected.safetensors")
model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32).eval()
with torch.no_grad():
    logits = model(expected["ids"].long()).logits
error = (logits - expected["logits"]).abs().max().item()

tokenizer = AutoTokenizer.from_pretrained(base)
messages = [{"role": "user", "content": "hi"}]
text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)

tuned = PeftModel.from_pretrained(model, adapter)
sums = {k.replace(".default", ""): v.double().sum().item() for k, v in tuned.named_parameters() if "lora_" in k}
print(json.dumps({"error": error, "text": text, "ids": tokenizer(text).input_ids, "sums": sums}))
