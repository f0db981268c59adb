#!/usr/bin/env python3
"""Embed prompts by a sentence encoder in a local folder, and write them with their ids.

    scripts/embed DATASET ENCODER OUTPUT.npz

DATASET is a dataset folder with prompts, or a JSON Lines file with "prompt" and "id" on each line. ENCODER is a
folder in Hugging Face's format; what stands in its modules.json (pooling, then perhaps a normalization) is done.
OUTPUT has the arrays `ids` and `embed`, which `rs-data import csv --embeddings` reads. Nothing is fetched.
"""

import argparse
import json
import sys
from pathlib import Path


def prompts(source, benchmark):
    """The prompts and their ids, or their lines where they have none."""
    path = Path(source)
    if path.is_dir():
        files = sorted((path / "prompts").glob(f"{benchmark or '*'}.jsonl"))
        if len(files) != 1:
            names = ", ".join(file.stem for file in files) or "none"
            sys.exit(f"embed: error: {source}: prompts of {names}: choose one benchmark with --benchmark")
        path = files[0]
    texts, ids = [], []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not line.strip():
            continue
        entry = json.loads(line)
        if "prompt" not in entry:
            sys.exit(f"embed: error: {path}: line {number}: \"prompt\" is missing")
        texts.append(entry["prompt"])
        ids.append(str(entry.get("id", number - 1)))
    return texts, ids


def steps(folder):
    """What modules.json asks for behind the transformer: the pooling, and whether lengths become 1."""
    modules = json.loads((folder / "modules.json").read_text())
    pooling, normalizes = "mean", False
    for module in modules:
        kind = module["type"].rsplit(".", 1)[-1]
        if kind == "Pooling":
            modes = json.loads((folder / module["path"] / "config.json").read_text())
            chosen = [key for key, value in modes.items() if key.startswith("pooling_mode_") and value is True]
            known = {"pooling_mode_mean_tokens": "mean", "pooling_mode_cls_token": "cls", "pooling_mode_max_tokens": "max"}
            if len(chosen) != 1 or chosen[0] not in known:
                sys.exit(f"embed: error: {folder / module['path']}: pooling by {chosen} is not done here")
            pooling = known[chosen[0]]
        elif kind == "Normalize":
            normalizes = True
        elif kind != "Transformer":
            sys.exit(f"embed: error: {folder}/modules.json: a module {kind} is not done here")
    settings = folder / "sentence_bert_config.json"
    longest = json.loads(settings.read_text()).get("max_seq_length") if settings.exists() else None
    return pooling, normalizes, longest


def embed(folder, texts, batch):
    """Embeddings of texts, n × d, single precision; those of about one length are computed together."""
    import numpy as np
    import torch
    from transformers import AutoModel, AutoTokenizer

    pooling, normalizes, longest = steps(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    model = AutoModel.from_pretrained(folder, local_files_only=True).float().eval()
    order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    result = None
    with torch.inference_mode():
        for start in range(0, len(order), batch):
            places = order[start : start + batch]
            inputs = tokenizer(
                [texts[place].strip() for place in places], padding=True, truncation=True,
                max_length=longest or tokenizer.model_max_length, return_tensors="pt",
            )
            tokens = model(**inputs).last_hidden_state
            mask = inputs["attention_mask"].unsqueeze(-1).to(tokens.dtype)
            if pooling == "mean":
                rows = (tokens * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
            elif pooling == "cls":
                rows = tokens[:, 0]
            else:
                rows = tokens.masked_fill(mask == 0, -torch.inf).max(1).values
            if normalizes:
                rows = torch.nn.functional.normalize(rows, dim=1)
            if result is None:
                result = np.empty((len(texts), rows.shape[1]), np.float32)
            result[places] = rows.numpy()
            print(f"\rembedding {min(start + batch, len(order))} of {len(order)}", end="", file=sys.stderr)
    print(file=sys.stderr)
    return result


def main():
    parser = argparse.ArgumentParser(prog="embed", description=__doc__.splitlines()[0])
    parser.add_argument("dataset", help="dataset folder with prompts, or a JSON Lines file")
    parser.add_argument("encoder", type=Path, help="folder of a sentence encoder, with modules.json")
    parser.add_argument("output", help=".npz to write")
    parser.add_argument("--benchmark", help="the benchmark, where the dataset has several")
    parser.add_argument("--batch", type=int, default=32, help="prompts that are computed together")
    options = parser.parse_args()
    if not (options.encoder / "modules.json").is_file():
        sys.exit(f"embed: error: {options.encoder}: is no sentence encoder: it holds no modules.json")
    texts, ids = prompts(options.dataset, options.benchmark)
    if not texts:
        sys.exit(f"embed: error: {options.dataset}: has no prompts")
    import numpy as np

    np.savez(options.output, ids=np.array(ids), embed=embed(options.encoder, texts, options.batch))
    print(f"{len(texts)} embeddings; wrote {options.output}")


if __name__ == "__main__":
    main()
