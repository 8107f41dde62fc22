"""Training steps in PyTorch, timed on request.

Reads one JSON object a line: {"work": "decoder" | "critic" | "lora", "threads": n, "steps": n};
prints one a line: {"seconds": [...], "processor": [...]}.
The models are those of bench/tensor-models.ts, in the idiom that is fastest on a CPU, and of bench/lora-steps.ts, as
transformers and peft have them.
"""

import json
import sys
import time

import torch
from torch.nn import functional as F

torch.set_flush_denormal(True)


class Decoder:
    width, layers, heads, vocabulary, inner, batch, length = 256, 4, 8, 4096, 768, 16, 128

    def __init__(self):
        torch.manual_seed(1)
        d = self.width
        self.embedding = self.matrix(self.vocabulary, d)
        self.blocks = [
            {
                "norm1": torch.ones(d, requires_grad=True),
                "norm2": torch.ones(d, requires_grad=True),
                "qkv": self.matrix(3 * d, d),
                "output": self.matrix(d, d),
                "gate_up": self.matrix(2 * self.inner, d),
                "down": self.matrix(d, self.inner),
            }
            for _ in range(self.layers)
        ]
        self.norm = torch.ones(d, requires_grad=True)
        self.parameters = [self.embedding, self.norm] + [p for block in self.blocks for p in block.values()]
        self.optimizer = torch.optim.AdamW(self.parameters, lr=1e-3, fused=True)
        half = d // self.heads // 2
        angles = torch.outer(torch.arange(self.length), 10000.0 ** (-torch.arange(half) / half))
        self.cos = torch.cat([angles.cos(), angles.cos()], -1)
        self.sin = torch.cat([angles.sin(), angles.sin()], -1)
        self.tokens = torch.randint(0, self.vocabulary, (self.batch, self.length))
        self.targets = torch.roll(self.tokens, -1, 1).flatten()

    @staticmethod
    def matrix(rows, columns):
        return (torch.randn(rows, columns) * 0.02).requires_grad_()

    def rotate(self, x):
        first, second = x.chunk(2, -1)
        return x * self.cos + torch.cat([-second, first], -1) * self.sin

    def step(self):
        d, b, t, h = self.width, self.batch, self.length, self.heads
        x = self.embedding[self.tokens]
        for block in self.blocks:
            y = F.rms_norm(x, (d,), block["norm1"], 1e-5)
            q, k, v = (part.view(b, t, h, -1).transpose(1, 2) for part in F.linear(y, block["qkv"]).split(d, -1))
            y = F.scaled_dot_product_attention(self.rotate(q), self.rotate(k), v, is_causal=True)
            x = x + F.linear(y.transpose(1, 2).reshape(b, t, d), block["output"])
            y = F.rms_norm(x, (d,), block["norm2"], 1e-5)
            gate, up = F.linear(y, block["gate_up"]).split(self.inner, -1)
            x = x + F.linear(F.silu(gate) * up, block["down"])
        logits = F.linear(F.rms_norm(x, (d,), self.norm, 1e-5), self.embedding)
        loss = F.cross_entropy(logits.view(b * t, -1), self.targets)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimizer.step()
        return loss.item()


class Critic:
    batch, inputs, hidden = 500, 200, 256

    def __init__(self):
        torch.manual_seed(1)
        self.net = torch.nn.Sequential(
            torch.nn.Linear(self.inputs, self.hidden),
            torch.nn.LeakyReLU(0.2),
            torch.nn.Linear(self.hidden, self.hidden),
            torch.nn.LeakyReLU(0.2),
            torch.nn.Linear(self.hidden, 1),
        )
        self.optimizer = torch.optim.AdamW(self.net.parameters(), lr=1e-4, betas=(0.5, 0.9), weight_decay=0, fused=True)
        self.real, self.made, self.between = (torch.rand(self.batch, self.inputs) for _ in range(3))

    def step(self):
        between = self.between.detach().requires_grad_()
        (slope,) = torch.autograd.grad(self.net(between).sum(), between, create_graph=True)
        penalty = ((slope.norm(2, 1) - 1) ** 2).mean() * 10
        loss = self.net(self.made).mean() - self.net(self.real).mean() + penalty
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        return loss.item()


class Lora:
    """SmolLM2-135M's shape with adapters beside all linear layers of its blocks: 4 rows of 64 tokens. Eager attention is slower."""

    batch, length, vocabulary, learned = 4, 64, 49152, 16

    def __init__(self):
        from peft import LoraConfig, get_peft_model
        from transformers import LlamaConfig, LlamaForCausalLM

        torch.manual_seed(1)
        config = LlamaConfig(
            vocab_size=self.vocabulary,
            hidden_size=576,
            intermediate_size=1536,
            num_hidden_layers=30,
            num_attention_heads=9,
            num_key_value_heads=3,
            max_position_embeddings=8192,
            tie_word_embeddings=True,
            use_cache=False,
            attn_implementation="sdpa",
        )
        projections = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
        adapter = LoraConfig(r=8, lora_alpha=16, lora_dropout=0.0, target_modules=projections, task_type="CAUSAL_LM")
        self.model = get_peft_model(LlamaForCausalLM(config), adapter).train()
        self.parameters = [p for p in self.model.parameters() if p.requires_grad]
        self.optimizer = torch.optim.AdamW(self.parameters, lr=1e-3, fused=True)
        self.tokens = torch.randint(0, self.vocabulary, (self.batch, self.length))
        self.labels = self.tokens.clone()
        self.labels[:, : -self.learned] = -100

    def step(self):
        loss = self.model(input_ids=self.tokens, labels=self.labels).loss
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimizer.step()
        return loss.item()


works = {}
for line in sys.stdin:
    request = json.loads(line)
    torch.set_num_threads(request["threads"])
    name = request["work"]
    if name not in works:
        works[name] = {"decoder": Decoder, "critic": Critic, "lora": Lora}[name]()
    seconds, processor = [], []
    for _ in range(request["steps"]):
        start, busy = time.perf_counter(), time.process_time()
        works[name].step()
        seconds.append(time.perf_counter() - start)
        processor.append(time.process_time() - busy)
    print(json.dumps({"seconds": seconds, "processor": processor}), flush=True)
