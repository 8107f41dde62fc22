"""Losses and gradient norms of three AdamW steps of the small models in bench/tensor-models.ts, in float64."""

import json

import torch
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)


def parameter(index, shape, is_gain=False):
    count = 1
    for length in shape:
        count *= length
    values = 0.3 * torch.sin(1.7 * torch.arange(count) + index)
    return ((1 + values) if is_gain else values).reshape(shape).requires_grad_()


def train(parameters, loss_of, **settings):
    optimizer = torch.optim.AdamW(
        [
            {"params": [p for p in parameters if p.dim() > 1], "weight_decay": 0.01},
            {"params": [p for p in parameters if p.dim() < 2], "weight_decay": 0.0},
        ],
        **settings,
    )
    rows = []
    for _ in range(3):
        loss = loss_of()
        optimizer.zero_grad()
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        rows.append({"loss": loss.item(), "norm": norm.item()})
    return rows


def decoder():
    width, layers, heads, vocabulary, inner, batch, length = 16, 2, 2, 32, 24, 2, 8
    made = []

    def add(shape, is_gain=False):
        made.append(parameter(len(made), shape, is_gain))
        return made[-1]

    embedding = add([vocabulary, width])
    blocks = []
    for _ in range(layers):
        norm1 = add([width], True)
        query, key, value, output = (add([width, width]) for _ in range(4))
        norm2 = add([width], True)
        blocks.append((norm1, query, key, value, output, norm2, add([inner, width]), add([inner, width]), add([width, inner])))
    norm = add([width], True)
    half = width // heads // 2
    angles = torch.outer(torch.arange(length, dtype=torch.float64), 10000.0 ** (-torch.arange(half) / half))
    cos, sin = torch.cat([angles.cos()] * 2, -1), torch.cat([angles.sin()] * 2, -1)

    def rotate(x):
        first, second = x.chunk(2, -1)
        return x * cos + torch.cat([-second, first], -1) * sin

    tokens = (torch.arange(batch * length) * 7 + 3) % vocabulary
    targets = (torch.arange(batch * length) * 5 + 1) % vocabulary

    def loss_of():
        x = embedding[tokens].view(batch, length, width)
        for norm1, query, key, value, output, norm2, gate, up, down in blocks:
            y = F.rms_norm(x, (width,), norm1, 1e-5)
            q, k, v = (F.linear(y, w).view(batch, length, heads, -1).transpose(1, 2) for w in (query, key, value))
            y = F.scaled_dot_product_attention(rotate(q), rotate(k), v, is_causal=True)
            x = x + F.linear(y.transpose(1, 2).reshape(batch, length, width), output)
            y = F.rms_norm(x, (width,), norm2, 1e-5)
            x = x + F.linear(F.silu(F.linear(y, gate)) * F.linear(y, up), down)
        logits = F.linear(F.rms_norm(x, (width,), norm, 1e-5), embedding)
        return F.cross_entropy(logits.view(batch * length, -1), targets)

    return train(made, loss_of, lr=0.01)


def critic():
    batch, inputs, hidden = 6, 5, 7
    w1, b1, w2, b2, w3, b3 = (
        parameter(index, shape)
        for index, shape in enumerate([[hidden, inputs], [hidden], [hidden, hidden], [hidden], [1, hidden], [1]])
    )
    rows = [torch.cos(0.9 * torch.arange(batch * inputs) + index).view(batch, inputs) for index in range(3)]
    real, made, between = rows

    def score(x):
        x = F.leaky_relu(F.linear(x, w1, b1), 0.2)
        return F.linear(F.leaky_relu(F.linear(x, w2, b2), 0.2), w3, b3)

    def loss_of():
        x = between.clone().requires_grad_()
        (slope,) = torch.autograd.grad(score(x).sum(), x, create_graph=True)
        penalty = 10 * ((slope.norm(2, 1) - 1) ** 2).mean()
        return score(made).mean() - score(real).mean() + penalty

    return train([w1, b1, w2, b2, w3, b3], loss_of, lr=0.01)


print(json.dumps({"torch": torch.__version__, "decoder": decoder(), "critic": critic()}))
