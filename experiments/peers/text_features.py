#!/usr/bin/env python3
"""Compare RouteRec's text features with scikit-learn's at equal settings.

    experiments/peers/text_features.py .build/release mmlu_pro.npz

Runs `rs-data embed` and TfidfVectorizer (words 1-2 beside char_wb 2-4, sublinear, n-grams of 5 train queries and more) with
TruncatedSVD (256 dimensions, 4 power iterations) one after the other in one run on this machine, with 2 threads each, fitted
on the same train prompts and applied to all. Then `rs-train --model kernel-ridge` learns from either, and the table
compares the validation AUC. Needs numpy and scikit-learn. FILE is an archive with scores, models and prompts.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

THREADS = "2"
for library in ("OPENBLAS", "OMP", "MKL"):
    os.environ[f"{library}_NUM_THREADS"] = THREADS

import numpy as np  # noqa: E402
from sklearn.decomposition import TruncatedSVD  # noqa: E402
from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: E402
from sklearn.pipeline import make_pipeline, make_union  # noqa: E402

DIMENSIONS = 256
POWER_ITERATIONS = 4
LEAST_QUERIES = 5


def their_features(prompts, train):
    """Features of all prompts, learned from the train prompts, and the seconds of fitting and of both."""
    settings = {"sublinear_tf": True, "min_df": LEAST_QUERIES, "dtype": np.float32}
    pipeline = make_pipeline(
        make_union(
            TfidfVectorizer(analyzer="word", ngram_range=(1, 2), **settings),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), **settings),
        ),
        TruncatedSVD(DIMENSIONS, n_iter=POWER_ITERATIONS, random_state=0),
    )
    start = time.perf_counter()
    pipeline.fit([prompts[row] for row in train])
    features = pipeline.transform(prompts)
    return features.astype(np.float32), time.perf_counter() - start


def run(program, *words):
    """Standard output of a program, and its seconds."""
    start = time.perf_counter()
    output = subprocess.run([program, *map(str, words)], check=True, stdout=subprocess.PIPE, text=True).stdout
    return output, time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binaries", type=Path, help="folder with rs-data and rs-train")
    parser.add_argument("archive", help="an .npz with scores, models and prompts")
    parser.add_argument("--no-training", action="store_true", help="compare the seconds alone")
    options = parser.parse_args()
    data, train = options.binaries / "rs-data", options.binaries / "rs-train"
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = f"{folder}/ours", f"{folder}/theirs"
        run(data, "import", "npz", options.archive, "--benchmark", "questions", "--output", ours)
        parts = np.load(f"{ours}/splits/questions.npy")
        with open(f"{ours}/prompts/questions.jsonl") as lines:
            prompts = [json.loads(line)["prompt"] for line in lines]
        _, our_seconds = run(
            data, "embed", ours, "--features", "tfidf", "--dimensions", DIMENSIONS, "--min-queries", LEAST_QUERIES,
            "--name", "tfidf", "--threads", THREADS,
        )
        features, their_seconds = their_features(prompts, np.flatnonzero(parts == 0))
        print(f"{len(prompts)} prompts, {DIMENSIONS} dimensions, {THREADS} threads")
        print(f"rs-data embed, with reading and writing the folder: {our_seconds:.2f} s")
        print(f"scikit-learn: {their_seconds:.2f} s, {their_seconds / our_seconds:.2f} times as long")
        if options.no_training:
            return
        with np.load(options.archive) as archive:
            arrays = {name: archive[name] for name in ("scores", "models")}
        arrays["split"] = np.array(["train", "validation", "test"])[parts]
        np.savez(f"{folder}/theirs.npz", embed_tfidf=features, **arrays)
        run(data, "import", "npz", f"{folder}/theirs.npz", "--benchmark", "questions", "--output", theirs)
        for name, source in (("ours", ours), ("theirs", theirs)):
            report, seconds = run(
                train, "--data", source, "--model", "kernel-ridge", "--encoder", "tfidf", "--output",
                f"{folder}/model-{name}", "--json",
            )
            validation = json.loads(report)["validation"]
            print(f"kernel-ridge on {name}: validation {json.dumps(validation)}, {seconds:.0f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
