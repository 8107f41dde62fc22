"""Reads parameters, batches and settings as JSON; prints what PyTorch makes of them step by step, in float64."""

import json
import sys

import torch

torch.set_default_dtype(torch.float64)
request = json.load(sys.stdin)
parameters = [torch.tensor(values).requires_grad_() for values in request["parameters"]]
optimizer = torch.optim.AdamW(
    [
        {"params": [p for p in parameters if p.dim() > 1], "weight_decay": request["weightDecay"]},
        {"params": [p for p in parameters if p.dim() < 2], "weight_decay": 0.0},
    ],
    lr=request["peak"],
    betas=(request["beta1"], request["beta2"]),
    eps=request["epsilon"],
)
warmup, steps, peak = request["warmup"], request["steps"], request["peak"]
schedule = torch.optim.lr_scheduler.SequentialLR(
    optimizer,
    [
        torch.optim.lr_scheduler.LinearLR(optimizer, start_factor=1 / warmup, total_iters=warmup - 1),
        torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=steps - warmup, eta_min=request["floor"]),
    ],
    milestones=[warmup],
)
rows = []
for _ in range(steps):
    rate = optimizer.param_groups[0]["lr"]
    # The loss of the test: the mean over the batches of |x·W + b - y|².
    loss = 0
    for x, y in request["batches"]:
        error = torch.tensor(x) @ parameters[0] + parameters[1] - torch.tensor(y)
        loss = loss + (error**2).mean() / len(request["batches"])
    optimizer.zero_grad()
    loss.backward()
    norm = torch.nn.utils.clip_grad_norm_(parameters, request["clip"])
    optimizer.step()
    schedule.step()
    rows.append(
        {
            "rate": rate,
            "loss": loss.item(),
            "norm": norm.item(),
            "parameters": [p.flatten().tolist() for p in parameters],
        }
    )
print(json.dumps({"torch": torch.__version__, "steps": rows}))
