"""Fine-tunes a text encoder as a multi-label classifier on each pool of LLMs: RouterEval's MLC router.

A folder of a Hugging Face encoder learns, from the train prompts of a RouteRec dataset folder, which LLMs of
a pool answer a prompt well (their selection vectors). Its logits for the test prompts become a scores file:
an .npz with one float32 array for each pool, named <benchmark>/<m>/<group>, test queries (ascending rows of
the dataset) x LLMs (in the pool's order). Pools are those of a results file: `rs-eval --data D --pools 3 --json`.
"""

import argparse
import csv
import json
import os
import sys
import time

os.environ.setdefault("HF_HUB_OFFLINE", "1")  # The encoder is a local folder: never ask the hub.
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
missing_package = None
try:
    import numpy as np
    import torch
    import transformers
except ImportError as error:
    missing_package = error.name

TRAIN, TEST = 0, 2  # How splits/<benchmark>.npy codes the parts; 1 is validation.
LEAST_SHARE_OF_BEST = 0.95  # RouterEval's rule for continuous responses.
LARGEST_GRADIENT_NORM = 1.0  # What the Trainer of transformers, which RouterEval uses, clips to.


class InputError(Exception):
    """What is wrong with the input, in one line that names the file."""


def read_json(path):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except ValueError as error:
        raise InputError(f"{path}: is not JSON: {error}") from None


def read_prompts(path):
    try:
        with open(path, encoding="utf-8", newline="\n") as file:
            lines = [json.loads(line) for line in file if line.strip()]
    except ValueError as error:
        raise InputError(f"{path}: is not JSON Lines: {error}") from None
    if not all("prompt" in line for line in lines):
        raise InputError(f"{path}: has no prompts, only ids")
    return [line["prompt"] for line in lines]


class Benchmark:
    """The prompts, responses (queries x LLMs, NaN where missing) and split of one benchmark of a folder."""

    def __init__(self, folder, entry):
        def array(kind, ending=".npy"):
            path = os.path.join(folder, kind, entry["name"] + ending)
            try:
                return np.load(path)
            except ValueError as error:
                raise InputError(f"{path}: {error}") from None

        def bits(ending):
            return np.unpackbits(array("responses", ending), axis=1, count=entry["llms"]).astype(np.float32)

        if not entry["texts"]:
            raise InputError(f"{folder}: benchmark '{entry['name']}' has no prompts")
        self.prompts = read_prompts(os.path.join(folder, "prompts", entry["name"] + ".jsonl"))
        if len(self.prompts) != entry["queries"]:
            raise InputError(f"{folder}: '{entry['name']}' has {len(self.prompts)} prompts, {entry['queries']} queries")
        self.is_binary = entry["kind"] == "bits"
        self.responses = bits(".npy") if self.is_binary else array("responses")
        if entry["masked"]:
            self.responses = np.where(bits(".observed.npy") == 1, self.responses, np.float32(np.nan))
        split = array("splits")
        self.train, self.test = np.flatnonzero(split == TRAIN), np.flatnonzero(split == TEST)
        with open(os.path.join(folder, "llms.csv"), encoding="utf-8", newline="") as file:
            names = [row["name"] for row in csv.DictReader(file)]
        self.columns = {names[row]: column for column, row in enumerate(array("responses", ".llms.npy"))}

    def labels(self, llms):
        """The selection vectors of all queries: 1 where an LLM answers well, NaN where its response is missing."""
        responses = self.responses[:, [self.columns[llm] for llm in llms]]
        best = np.nan_to_num(responses).max(axis=1, keepdims=True)
        threshold = 1 if self.is_binary else np.float32(LEAST_SHARE_OF_BEST) * best
        labels = ((responses > 0) & (responses >= threshold)).astype(np.float32)
        return np.where(np.isnan(responses), np.float32(np.nan), labels)


def read_input(options):
    """The benchmarks by name, and (array name, benchmark name, LLM names) of each pool, all checked."""
    manifest = read_json(os.path.join(options.data, "dataset.json"))
    entries = {entry["name"]: entry for entry in manifest["benchmarks"]}
    benchmarks, pools = {}, []
    for cell in read_json(options.results)["cells"]:
        name, llms = cell["benchmark"], cell["llms"]
        if name not in entries:
            raise InputError(f"{options.results}: benchmark '{name}' is not in {options.data}")
        if name not in benchmarks:
            benchmarks[name] = Benchmark(options.data, entries[name])
        for llm in llms:
            if llm not in benchmarks[name].columns:
                raise InputError(f"{options.results}: LLM '{llm}' is not in benchmark '{name}' of {options.data}")
        pools.append((f"{name}/{cell['m']}/{cell['group']}", name, llms))
    return benchmarks, pools


class Tokens:
    """The prompts of a benchmark as token ids, padded a batch at a time: a prompt pays only for its own batch."""

    def __init__(self, tokenizer, prompts, max_length):
        self.tokenizer = tokenizer
        self.ids = tokenizer(prompts, truncation=True, max_length=max_length)["input_ids"]
        lengths = [len(ids) for ids in tokenizer(prompts, verbose=False)["input_ids"]]
        self.longest, self.cut = max(lengths), sum(length > max_length for length in lengths)

    def batch(self, queries):
        return self.tokenizer.pad({"input_ids": [self.ids[query] for query in queries]}, return_tensors="pt")


def forward(options, model, batch):
    """The logits of a batch, in single precision; with --bfloat16 only the matrix products are in half of it."""
    with torch.autocast(options.device, dtype=torch.bfloat16, enabled=options.bfloat16):
        return model(**batch.to(options.device)).logits.float()


def fine_tune(options, tokens, queries, labels, report):
    """The encoder with a new head of one logit for each label, trained with the settings of RouterEval's MLC.

    As in the Trainer of transformers: AdamW, no decay of biases and norms, linear warm-up and linear decay of
    the learning rate, clipped gradients. The loss of a batch is the mean over its observed labels.
    """
    torch.manual_seed(options.seed)  # Head, order and dropout: a pool's result doesn't depend on other pools.
    model = transformers.AutoModelForSequenceClassification.from_pretrained(
        options.encoder, num_labels=labels.shape[1], problem_type="multi_label_classification",
        local_files_only=True).float().to(options.device)
    parameters = list(model.parameters())
    optimizer = torch.optim.AdamW(
        [{"params": [p for p in parameters if p.ndim >= 2], "weight_decay": options.weight_decay},
         {"params": [p for p in parameters if p.ndim < 2], "weight_decay": 0.0}], lr=options.learning_rate, fused=True)
    steps = options.epochs * -(-len(queries) // options.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: step / options.warmup
        if step < options.warmup else (steps - step) / max(1, steps - options.warmup))
    model.train()
    start = time.monotonic()
    for epoch in range(1, options.epochs + 1):
        total = 0.0
        batches = torch.randperm(len(queries)).split(options.batch)
        for batch in batches:
            rows = queries[batch.numpy()]
            target = torch.from_numpy(labels[rows]).to(options.device)
            observed = ~target.isnan()
            logits = forward(options, model, tokens.batch(rows))
            loss = torch.nn.functional.binary_cross_entropy_with_logits(logits[observed], target[observed])
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, LARGEST_GRADIENT_NORM)
            optimizer.step()
            schedule.step()
            total += loss.item()
        seconds = time.monotonic() - start
        report(f"epoch {epoch}/{options.epochs}, loss {total / len(batches):.4f}, {seconds:.0f} s, "
               f"{seconds / epoch * (options.epochs - epoch):.0f} s left")
    return model


def predict(options, model, tokens, queries):
    """The logits of some queries, in their order."""
    model.eval()
    with torch.inference_mode():
        parts = [forward(options, model, tokens.batch(queries[start:start + options.batch]))
                 for start in range(0, len(queries), options.batch)]
    return torch.cat(parts).cpu().numpy()


def write(path, scores):
    """Writes the scores file beside its place, then renames it: a killed run leaves the old file or the new one."""
    staging = f"{path}.{os.getpid()}.tmp"
    try:
        with open(staging, "wb") as file:
            np.savez(file, **scores)
            file.flush()
            os.fsync(file.fileno())
        os.replace(staging, path)
    finally:
        if os.path.exists(staging):
            os.remove(staging)


def run(options, report):
    if not os.access(os.path.dirname(options.output) or ".", os.W_OK):  # Before hours of training, not after.
        raise InputError(f"{options.output}: can't be written: its folder is missing or read-only")
    if missing_package:
        raise InputError(f"the Python package '{missing_package}' is missing: pip install -r requirements.txt")
    transformers.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    if options.threads:
        torch.set_num_threads(options.threads)
    benchmarks, pools = read_input(options)
    if not os.path.isfile(os.path.join(options.encoder, "config.json")):
        raise InputError(f"{options.encoder}: is not a folder of a Hugging Face encoder: it has no config.json")
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(options.encoder, local_files_only=True)
    except (OSError, ValueError):
        raise InputError(f"{options.encoder}: holds no tokenizer that transformers can load") from None
    if options.max_length > tokenizer.model_max_length:
        raise InputError(f"{options.encoder}: takes {tokenizer.model_max_length} tokens, not {options.max_length}")
    tokens, scores = {}, {}
    for name, benchmark in benchmarks.items():
        tokens[name] = Tokens(tokenizer, benchmark.prompts, options.max_length)
        report(f"{name}: {len(benchmark.prompts)} prompts of at most {tokens[name].longest} tokens, "
               f"{tokens[name].cut} cut at {options.max_length}")
    for pool, name, llms in pools:
        benchmark = benchmarks[name]
        labels = benchmark.labels(llms)
        queries = benchmark.train[~np.isnan(labels[benchmark.train]).all(axis=1)]
        if not len(queries) or not len(benchmark.test):
            raise InputError(f"{options.data}: {pool} has {len(queries)} train and {len(benchmark.test)} test queries")
        report(f"{pool}: {len(queries)} train and {len(benchmark.test)} test queries")
        model = fine_tune(options, tokens[name], queries, labels, lambda line: report(f"{pool}: {line}"))
        scores[pool] = predict(options, model, tokens[name], benchmark.test)
        if not np.isfinite(scores[pool]).all():
            raise InputError(f"{pool}: a logit is not finite; try a smaller --learning-rate")
    write(options.output, scores)
    report(f"wrote {len(scores)} pools to {options.output}")


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", metavar="DIR", required=True, help="dataset folder with prompts")
    parser.add_argument("--results", metavar="FILE", required=True, help="what rs-eval --json printed for the pools")
    parser.add_argument("--encoder", metavar="DIR", required=True, help="folder of a Hugging Face encoder")
    parser.add_argument("--output", metavar="FILE", required=True, help="scores file (.npz) to write")
    for name, kind, default, text in [
        ("epochs", int, 10, "passes over the train prompts"), ("batch", int, 10, "prompts in a step"),
        ("learning-rate", float, 5e-5, "highest learning rate"), ("weight-decay", float, 0.01, "of AdamW"),
        ("warmup", int, 500, "steps of rising learning rate"), ("max-length", int, 512, "tokens of a prompt"),
        ("seed", int, 0, "of the head, the order and dropout"), ("threads", int, 0, "of torch; 0: torch's own choice"),
    ]:
        parser.add_argument(f"--{name}", metavar="N", type=kind, default=default, help=f"{text} [default: {default}]")
    parser.add_argument("--device", default="cpu", help="cpu, or cuda for a GPU [default: cpu]")
    parser.add_argument("--bfloat16", action="store_true", help="half the precision of products, for speed")
    parser.add_argument("--quiet", action="store_true", help="print no progress")
    options = parser.parse_args()
    if min(options.epochs, options.batch, options.max_length) < 1 or min(options.warmup, options.threads) < 0:
        parser.error("epochs, batch and max-length must be at least 1, warmup and threads at least 0")
    if not options.output.endswith(".npz"):
        parser.error("the output's name must end in .npz")
    return options


def main():
    options = parse_options()
    try:
        run(options, lambda line: None if options.quiet else print(line, file=sys.stderr, flush=True))
    except (InputError, OSError, ValueError, RuntimeError, KeyError) as error:
        reason = str(error).split("\n")[0]
        if isinstance(error, KeyError):
            reason = f"the dataset folder or the results file has no {reason}"
        elif getattr(error, "filename", None):
            reason = f"{error.filename}: {error.strerror}"
        print(f"finetune.py: error: {reason}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
