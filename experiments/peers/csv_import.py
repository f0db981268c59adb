#!/usr/bin/env python3
"""Compare the import of a long CSV file with pandas, in one run on this machine.

    experiments/peers/csv_import.py .build/release/rs-data

Makes a file of 1.95 million rows query,llm,score (11,471 queries × 170 LLMs), or takes the one that is given. The peer is
what a user of pandas types: read_csv, then pivot to a matrix. `rs-data import csv` is timed as a whole program, from its
start until the dataset folder is written. Both run in turn, in processes of their own; the fastest of each counts, by the
clock and by processor seconds, which say more where the machine is busy.
"""

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time

QUERIES, LLMS = 11_471, 170

PANDAS = """
import sys, time
import pandas
start = time.perf_counter(), time.process_time()
frame = pandas.read_csv(sys.argv[1])
matrix = frame.pivot(index="query", columns="llm", values="score").to_numpy()
print(time.perf_counter() - start[0], time.process_time() - start[1], *matrix.shape)
"""


def make(path):
    """Writes the rows, with grades that a seeded coin throws."""
    coin = random.Random(0)
    with open(path, "w") as file:
        file.write("query,llm,score\n")
        for query in range(QUERIES):
            bits = coin.getrandbits(LLMS)
            file.writelines(f"question-{query},org/model-{llm}-7b,{bits >> llm & 1}\n" for llm in range(LLMS))


def pandas_seconds(path):
    """Seconds by the clock and of the processor, without the start of Python."""
    run = subprocess.run([sys.executable, "-c", PANDAS, path], capture_output=True, text=True, check=True)
    return tuple(float(word) for word in run.stdout.split()[:2])


def import_seconds(program, path, folder):
    """The same of the whole program."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(
        [program, "import", "csv", path, "--output", folder, "--overwrite", "--quiet"], check=True,
        stdout=subprocess.DEVNULL)
    clock = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return clock, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rs_data", help="the program rs-data, built with -c release")
    parser.add_argument("--file", help="a CSV file of query,llm,score; default one that is made")
    parser.add_argument("--repetitions", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = arguments.file or os.path.join(folder, "answers.csv")
        if not arguments.file:
            make(path)
        ours, peers = [], []
        for _ in range(arguments.repetitions):
            ours.append(import_seconds(arguments.rs_data, path, os.path.join(folder, "data")))
            peers.append(pandas_seconds(path))
    print(f"{os.path.getsize(path) / 1e6:.1f} MB" if arguments.file else f"{QUERIES * LLMS:,} rows")
    for place, what in enumerate(["seconds", "processor seconds"]):
        mine, other = min(row[place] for row in ours), min(row[place] for row in peers)
        print(f"{what}: rs-data import csv {mine:.2f}, pandas read_csv and pivot {other:.2f}, ratio {other / mine:.2f}")


if __name__ == "__main__":
    main()
