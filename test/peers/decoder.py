"""Writes test/fixtures/decoder: small random checkpoints and what transformers, peft and PyTorch make of them.

    python -m venv venv && venv/bin/pip install -r test/peers/requirements.txt
    venv/bin/python test/peers/decoder.py
"""

import json
import shutil
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    LlamaConfig,
    LlamaForCausalLM,
    MistralConfig,
    MistralForCausalLM,
    PreTrainedTokenizerFast,
    Qwen2Config,
    Qwen2ForCausalLM,
    Qwen3Config,
    Qwen3ForCausalLM,
)
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS

FOLDER = Path(__file__).parent.parent / "fixtures" / "decoder"

TEXTS = [
    "The harbour master wrote down every ship that came in before noon.",
    "It's 7 o'clock: the lamps are lit, and we'll wait for the tide.",
    "Größe, naïve, 東京, and a rocket \U0001f680 over the bay.",
    "  Two blanks, then\n\n\tlines and a tab.  ",
    "Ships, shipping, shipped; the ships' masters' harbours in 1987 and 2024.",
]
SPECIAL = ["<|pad|>", "<|begin|>", "<|im_start|>", "<|im_end|>"]
TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] "
    "+ '<|im_end|>' + '\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
# What the templates of the supported families are made of: namespaces, slices, loop variables, filters, tests, macros.
TEMPLATES = {
    "system in the first turn": (
        "{{- bos_token }}\n{%- if messages[0]['role'] == 'system' %}\n  {%- set system = messages[0]['content'] | trim %}\n"
        "  {%- set rest = messages[1:] %}\n{%- else %}\n  {%- set system = '' %}\n  {%- set rest = messages %}\n{%- endif %}\n"
        "{% for message in rest %}\n"
        "  {%- if (message.role == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('turns must alternate') }}{% endif %}\n"
        "  {%- if message.role == 'user' %}[INST] {% if loop.first and system %}{{ system }}\n\n{% endif %}{{ message.content }} [/INST]"
        "{%- else %} {{ message.content | trim }}<|im_end|>{%- endif %}\n{%- endfor %}"
    ),
    "date and headers": (
        "{%- set ns = namespace(last=-1) %}\n{%- for m in messages %}{% if m.role == 'user' %}{% set ns.last = loop.index0 %}{% endif %}{% endfor %}\n"
        "{%- if date_string is not defined %}{% set date_string = '26 Jul 2024' %}{% endif %}\n"
        "{%- macro header(role) %}<|im_start|>{{ role }}{{ '\\n\\n' }}{% endmacro %}\n"
        "{{- header('system') }}Today: {{ date_string }}{% if tools is defined and tools %} Tools: {{ tools | tojson }}{% endif %}<|im_end|>\n"
        "{%- for m in messages %}\n    {%- if m.role == 'assistant' %}\n"
        "        {%- set content = m.content.split('</think>')[-1].lstrip('\\n') if loop.index0 < ns.last else m.content %}\n"
        "        {{- header(m.role) }}{% generation %}{{ content }}<|im_end|>{% endgeneration %}\n"
        "    {%- else %}\n        {{- header(m['role']) + m['content'] + '<|im_end|>' }}\n    {%- endif %}\n{%- endfor %}\n"
        "{%- if add_generation_prompt %}{{ header('assistant') }}{% endif %}"
    ),
}
MESSAGES = [
    {"role": "system", "content": "Answer with one word."},
    {"role": "user", "content": "What lay in the harbour?"},
    {"role": "assistant", "content": "Ships"},
    {"role": "user", "content": "And over the bay?"},
    {"role": "assistant", "content": "A rocket \U0001f680"},
]

# Lengths of the prompts that are gone on with.
PROMPTS = [1, 7, 24]

SIZES = dict(
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    pad_token_id=0,
    bos_token_id=1,
    eos_token_id=3,
)


def train_tokenizer():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=288,
        min_frequency=2,
        special_tokens=SPECIAL,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(TEXTS, trainer)
    return tokenizer


def randomise(model, seed):
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            parameter.copy_(1 + 0.1 * noise if "norm" in name else 0.2 * noise)
    model.tie_weights()
    return model.eval()


def write_model(name, model, dtype, **saving):
    folder = FOLDER / name
    model.to(dtype).save_pretrained(folder, **saving)
    # Read again, for the rounding of half the bits must not reach the rotary frequencies.
    model = type(model).from_pretrained(folder, dtype=torch.float32).eval()
    (folder / "generation_config.json").unlink(missing_ok=True)
    ids = torch.randint(4, 288, (2, 24), generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        logits = model(ids).logits
    expected = {"ids": ids.float(), "logits": logits.contiguous()}
    for length in PROMPTS:
        prompt = ids[:1, :length]
        with torch.no_grad():
            for _ in range(20):
                # The whole text anew for each token: nothing is remembered that could be wrong.
                prompt = torch.cat([prompt, model(prompt, use_cache=False).logits[:, -1:].argmax(-1)], 1)
        expected[f"written {length}"] = prompt[0, length:].float()
    save_file(expected, folder / "expected.safetensors")
    return model


def lora_steps(model):
    """Twenty AdamW steps of LoRA with dropout 0, and the adapter before and after."""
    torch.manual_seed(5)
    config = LoraConfig(r=4, lora_alpha=8, lora_dropout=0.0, target_modules=["q_proj", "v_proj", "down_proj"])
    tuned = get_peft_model(model, config)
    tuned.train()
    adapter = lambda: {k.replace(".default", ""): v.detach().clone() for k, v in tuned.named_parameters() if "lora_" in k}
    before = adapter()
    generator = torch.Generator().manual_seed(6)
    ids = torch.randint(4, 288, (20, 2, 16), generator=generator)
    learned_from = torch.randint(3, 12, (20, 2), generator=generator)
    trained = [p for p in tuned.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=1e-2, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01)
    losses = []
    for step in range(20):
        labels = ids[step].clone()
        for row in range(2):
            labels[row, : learned_from[step, row]] = -100
        loss = tuned(ids[step], labels=labels).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    folder = FOLDER / "lora"
    folder.mkdir()
    tuned.peft_config["default"].base_model_name_or_path = "llama"
    tuned.save_pretrained(folder)
    (folder / "README.md").unlink(missing_ok=True)
    saved = json.loads((folder / "adapter_config.json").read_text())
    saved["target_modules"].sort()  # peft keeps a set
    (folder / "adapter_config.json").write_text(json.dumps(saved, indent=1))
    save_file(before, folder / "before.safetensors")
    batches = {"ids": ids.float(), "learned_from": learned_from.float(), "losses": torch.tensor(losses)}
    save_file(batches, folder / "batches.safetensors")


def rotary_tables():
    scalings = {
        "default": {"rope_type": "default"},
        "linear": {"rope_type": "linear", "factor": 4.0},
        "dynamic": {"rope_type": "dynamic", "factor": 2.0},
        "llama3": {
            "rope_type": "llama3",
            "factor": 8.0,
            "low_freq_factor": 1.0,
            "high_freq_factor": 4.0,
            "original_max_position_embeddings": 128,
        },
        "yarn": {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 128},
        "yarn-mscale": {
            "rope_type": "yarn",
            "factor": 16.0,
            "original_max_position_embeddings": 64,
            "mscale": 0.7,
            "mscale_all_dim": 1.2,
            "beta_fast": 16.0,
            "beta_slow": 2.0,
            "truncate": False,
        },
    }
    tables = {}
    for name, scaling in scalings.items():
        config = LlamaConfig(
            hidden_size=64,
            num_attention_heads=4,
            max_position_embeddings=512,
            rope_parameters={**scaling, "rope_theta": 10000.0},
        )
        if name == "default":
            frequencies, magnitude = 1.0 / (10000.0 ** (torch.arange(0, 16, 2).float() / 16)), 1.0
        else:
            frequencies, magnitude = ROPE_INIT_FUNCTIONS[scaling["rope_type"]](config, "cpu", seq_len=700)
        tables[name] = {
            "rope_parameters": config.rope_parameters,
            "frequencies": frequencies.tolist(),
            "magnitude": float(magnitude),
        }
    return tables


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    tokenizer = train_tokenizer()
    chat = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<|begin|>",
        eos_token="<|im_end|>",
        pad_token="<|pad|>",
        chat_template=TEMPLATE,
    )
    chat.save_pretrained(FOLDER / "llama", save_jinja_files=True)
    chat.save_pretrained(FOLDER / "qwen2", save_jinja_files=False)
    expected = {
        "texts": TEXTS,
        "ids": [tokenizer.encode(text).ids for text in TEXTS],
        "messages": MESSAGES,
        "rendered": chat.apply_chat_template(MESSAGES, tokenize=False),
        "prompt": chat.apply_chat_template(MESSAGES[:-1], tokenize=False, add_generation_prompt=True),
        "templates": [
            {
                "name": name,
                "template": template,
                "rendered": chat.apply_chat_template(MESSAGES, tokenize=False, chat_template=template),
                "prompt": chat.apply_chat_template(
                    MESSAGES[:-1], tokenize=False, add_generation_prompt=True, chat_template=template
                ),
            }
            for name, template in TEMPLATES.items()
        ],
        "rotary": rotary_tables(),
    }
    (FOLDER / "expected.json").write_text(json.dumps(expected, indent=1))

    llama3 = {
        "rope_type": "llama3",
        "rope_theta": 10000.0,
        "factor": 4.0,
        "low_freq_factor": 1.0,
        "high_freq_factor": 4.0,
        "original_max_position_embeddings": 16,
    }
    vocabulary = dict(vocab_size=288, max_position_embeddings=64)
    llama = LlamaForCausalLM(LlamaConfig(**SIZES, **vocabulary, tie_word_embeddings=True, rope_parameters=llama3))
    model = write_model("llama", randomise(llama, 1), torch.float32, max_shard_size="60KB")
    lora_steps(model)
    yarn = {"rope_type": "yarn", "rope_theta": 10000.0, "factor": 4.0, "original_max_position_embeddings": 16}
    qwen2 = Qwen2ForCausalLM(Qwen2Config(**SIZES, **vocabulary, rope_parameters=yarn))
    write_model("qwen2", randomise(qwen2, 2), torch.float16)
    qwen3 = Qwen3ForCausalLM(Qwen3Config(**SIZES, **vocabulary, head_dim=12, tie_word_embeddings=True))
    write_model("qwen3", randomise(qwen3, 3), torch.bfloat16)
    linear = {"rope_type": "linear", "rope_theta": 10000.0, "factor": 2.0}
    mistral = MistralForCausalLM(MistralConfig(**SIZES, **vocabulary, sliding_window=48, rope_parameters=linear))
    write_model("mistral", randomise(mistral, 4), torch.float32)


main()
