#!/usr/bin/env python3
"""Compare logistic-mf with the matrix factorizations of `implicit` on the same cells in one run.

    OMP_NUM_THREADS=1 experiments/peers/implicit_mf.py .build/release/rs-bench

`rs-bench --held-out` makes a share of `synth full` (a tenth by default), hides 5% of the cells, trains
logistic-mf (k = 32, l2 10) on the others and writes the very same cells for this script. Queries are the
users of implicit, LLMs its items, observed good answers its interactions, with the grade as their weight.
implicit has no notion of a missing cell: what is hidden and what is wrong are both zeros of low confidence to it.
That costs it 5% of wrong zeros here, which its makers intend.

Each model first runs 3 iterations with 1 and with 2 threads (BLAS on one thread, as implicit advises); the faster
setting counts and is used from there on. Then it trains with its default settings and with a stronger penalty,
until the held-out log-loss has not fallen by 0.0001 for 5 iterations, or for 60 seconds (`--seconds`). The clock
stands still while a loss is measured. Scores become probabilities by the kinder of two logistic regressions on 200,000
train cells: slope and intercept (Platt), or these with the log-odds of the query's and the LLM's mean
response over its train cells. A peer's time is that at which it first was within 0.001 of its best loss; ours is that
at which logistic-mf was below the best loss of any peer.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

# Before numpy is loaded: threads inside BLAS calls of threads make implicit far slower.
for name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np

FACTORS = 32
PATIENCE = 5
MOST_ITERATIONS = 1000
CALIBRATION_CELLS = 200_000


class Enough(Exception):
    """Thrown from a callback to end a training."""


class Cells:
    """Train and held-out cells, and what calibrations need of them."""

    def __init__(self, folder):
        import scipy.sparse

        grades = np.load(f"{folder}/responses.npy")
        observed = np.load(f"{folder}/observed.npy")
        observed = np.unpackbits(observed, axis=1, count=grades.shape[1]).astype(bool)
        self.interactions = scipy.sparse.csr_matrix(np.where(observed, grades, 0))
        self.held_out = np.nonzero(~observed)
        self.held_out_grades = grades[self.held_out].astype(np.float64)
        random = np.random.default_rng(0)
        place = random.integers(0, grades.size, 2 * CALIBRATION_CELLS)
        rows, columns = np.unravel_index(place, grades.shape)
        seen = observed[rows, columns]
        self.train = rows[seen][:CALIBRATION_CELLS], columns[seen][:CALIBRATION_CELLS]
        self.train_grades = grades[self.train].astype(np.float64)

        def log_odds(axis):
            sums = np.where(observed, grades, 0).sum(axis, dtype=np.float64)
            means = (sums + 0.5) / (observed.sum(axis) + 1)
            return np.log(means / (1 - means))

        self.query_log_odds, self.llm_log_odds = log_odds(1), log_odds(0)

    def log_loss(self, users, items):
        """The held-out log-loss of scores users · items, by the kinder calibration."""
        losses = []
        for with_means in (False, True):
            train = self.features(users, items, self.train, with_means)
            weights = logistic_regression(train, self.train_grades)
            z = self.features(users, items, self.held_out, with_means) @ weights
            losses.append(float(np.mean(np.logaddexp(0, z) - self.held_out_grades * z)))
        return min(losses)

    def features(self, users, items, cells, with_means):
        scores = np.einsum("ij,ij->i", users[cells[0]], items[cells[1]]).astype(np.float64)
        columns = [np.ones(len(scores)), scores / max(np.abs(scores).mean(), 1e-12)]
        if with_means:
            columns += [self.query_log_odds[cells[0]], self.llm_log_odds[cells[1]]]
        return np.stack(columns, axis=1)


def logistic_regression(features, labels):
    """The weights of least log-loss, by Newton's method with halved steps."""
    weights = np.zeros(features.shape[1])

    def loss(w):
        z = features @ w
        return np.mean(np.logaddexp(0, z) - labels * z)

    for _ in range(30):
        p = 1 / (1 + np.exp(-(features @ weights)))
        gradient = features.T @ (p - labels) / len(labels)
        hessian = (features * (p * (1 - p))[:, None]).T @ features / len(labels)
        step = np.linalg.solve(hessian + 1e-9 * np.eye(len(weights)), gradient)
        share = 1.0
        while share > 1e-4 and loss(weights - share * step) > loss(weights):
            share /= 2
        weights -= share * step
        if np.abs(step).max() < 1e-6:
            break
    return weights


def peers():
    """Name, then constructors with the default and with a stronger penalty."""
    from implicit.cpu.als import AlternatingLeastSquares
    from implicit.cpu.bpr import BayesianPersonalizedRanking
    from implicit.cpu.lmf import LogisticMatrixFactorization

    def als(use_cg):
        return lambda **options: AlternatingLeastSquares(use_cg=use_cg, **options)

    return {
        "ALS, CG": (als(True), [{}, {"regularization": 10}]),
        "ALS, Cholesky": (als(False), [{}, {"regularization": 10}]),
        "logistic MF": (LogisticMatrixFactorization, [{}, {"regularization": 10}]),
        "BPR": (BayesianPersonalizedRanking, [{}, {"regularization": 0.1}]),
    }


def make(constructor, options, iterations, threads):
    return constructor(
        factors=FACTORS, iterations=iterations, num_threads=threads, random_state=0, **options)


def iteration_seconds(constructor, interactions, threads):
    """Seconds of the fastest of 3 iterations."""
    stamps = [None]
    model = make(constructor, {}, 3, threads)

    def callback(*_):
        stamps.append(time.perf_counter())

    stamps[0] = time.perf_counter()
    model.fit(interactions, show_progress=False, callback=callback)
    return min(after - before for before, after in zip(stamps, stamps[1:]))


def train(constructor, options, cells, threads, most_seconds):
    """Seconds of training and held-out log-loss after each iteration."""
    model = make(constructor, options, MOST_ITERATIONS, threads)
    points = []
    clock = {"seconds": 0.0, "since": time.perf_counter()}

    def callback(*_):
        clock["seconds"] += time.perf_counter() - clock["since"]
        points.append((clock["seconds"], cells.log_loss(model.user_factors, model.item_factors)))
        losses = [loss for _, loss in points]
        if len(losses) > PATIENCE and min(losses[:-PATIENCE]) - min(losses) < 1e-4:
            raise Enough
        if clock["seconds"] > most_seconds:
            raise Enough
        clock["since"] = time.perf_counter()

    try:
        model.fit(cells.interactions, show_progress=False, callback=callback)
    except Enough:
        pass
    return points


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bench", help="the program rs-bench")
    parser.add_argument("--fraction", type=float, default=0.1, help="share of the queries of synth full")
    parser.add_argument(
        "--seconds", type=float, default=60, help="longest training of each setting of each peer")
    parser.add_argument("--json", action="store_true", help="print everything measured as JSON")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        command = [arguments.bench, "--held-out", "--json", "--fraction", str(arguments.fraction)]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENBLAS")}
        output = subprocess.run(
            command + ["--factors", str(FACTORS), "--matrix", folder], check=True, env=environment,
            stdout=subprocess.PIPE).stdout
        ours = json.loads(output)
        cells = Cells(folder)
    training = ours["training"]
    results = []
    for name, (constructor, settings) in peers().items():
        seconds, threads = min(
            (iteration_seconds(constructor, cells.interactions, threads), threads) for threads in (1, 2))
        runs = [(options, train(constructor, options, cells, threads, arguments.seconds))
                for options in settings]
        options, points = min(runs, key=lambda run: min(loss for _, loss in run[1]))
        best = min(loss for _, loss in points)
        results.append({
            "name": name, "threads": threads, "iteration_seconds": seconds, "settings": options,
            "iterations": len(points), "log_loss": best,
            "seconds": next(spent for spent, loss in points if loss <= best + 0.001), "points": points,
        })
        print(f"{name}: {seconds:.3f} s an iteration, log-loss {best:.4f}", file=sys.stderr)
    winner = min(results, key=lambda result: result["log_loss"])
    reached = next(
        (point["seconds"] for point in training["points"] if point["log_loss"] <= winner["log_loss"]), None)
    if arguments.json:
        print(json.dumps({"ours": ours, "peers": results, "seconds_to_best_peer": reached}, indent=1))
        return
    print(f"{'':20}{'threads':>8}{'s / sweep':>11}{'ratio':>8}{'sweeps':>8}{'seconds':>9}{'log-loss':>10}")
    sweep = training["sweep_seconds"]
    print(f"{'logistic-mf':20}{ours['threads']:8}{sweep:11.3f}{1:8.1f}{len(training['points']) - 1:8}"
          f"{training['seconds_to_converged']:9.2f}{training['log_loss']:10.4f}")
    for result in results:
        print(f"{result['name']:20}{result['threads']:8}{result['iteration_seconds']:11.3f}"
              f"{result['iteration_seconds'] / sweep:8.1f}{result['iterations']:8}{result['seconds']:9.2f}"
              f"{result['log_loss']:10.4f}")
    fastest = min(result["iteration_seconds"] for result in results)
    print(f"\nper sweep, against the fastest of implicit: {fastest / sweep:.1f} x")
    if reached is None:
        print(f"logistic-mf never reached the log-loss {winner['log_loss']:.4f} of {winner['name']}")
    else:
        print(f"to the best log-loss of implicit, {winner['log_loss']:.4f} of {winner['name']}: "
              f"{reached:.2f} s against {winner['seconds']:.2f} s, {winner['seconds'] / reached:.0f} x")


if __name__ == "__main__":
    main()
