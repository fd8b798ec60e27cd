"""The loop: it keeps the best epoch, and a broken run goes on where it stopped."""

from __future__ import annotations

import pytest

from pipeline.training.loop import Plan, rate_at, train

PLAN = Plan(seed=1, epochs=5, rate=1.0, warmup=1.0, patience=0)


class Model:
    """A model whose weight is the sum of what it saw."""

    def __init__(self, scores, stop_after=None):
        self.weight, self.scores, self.seen = 0, list(scores), []
        self.stop_after = stop_after

    def learn(self, batch, rate):
        self.seen.append(batch)
        self.weight += batch
        return rate

    def evaluate(self):
        if self.stop_after is not None and len(self.seen) >= self.stop_after:
            raise KeyboardInterrupt
        return self.scores[len(self.seen) // 4 - 1]

    def save(self, path):
        path.mkdir(parents=True, exist_ok=True)
        (path / "weight").write_text(f"{self.weight} {len(self.seen)}", encoding="utf-8")

    def restore(self, path):
        weight, seen = (path / "weight").read_text(encoding="utf-8").split()
        self.weight = int(weight)
        self.seen = [0] * int(seen)

    def train(self, checkpoint, plan=PLAN, key="k"):
        def batches(generator):
            return [generator.randrange(100) for _ in range(4)]

        return train(
            plan, batches, self.learn, self.evaluate, self.save, self.restore, checkpoint, key
        )


def test_the_best_epoch_is_kept_and_the_checkpoint_goes(tmp_path):
    model = Model([0.1, 0.5, 0.9, 0.3, 0.2])
    progress = model.train(tmp_path / "c")
    assert (progress.best, progress.best_epoch) == (0.9, 3)
    assert len(model.seen) == 12
    assert not (tmp_path / "c").exists()


def test_a_broken_run_ends_like_an_unbroken_one(tmp_path):
    whole = Model([0.1, 0.2, 0.3, 0.4, 0.5])
    whole.train(tmp_path / "whole")
    broken = Model([0.1, 0.2, 0.3, 0.4, 0.5], stop_after=12)
    with pytest.raises(KeyboardInterrupt):
        broken.train(tmp_path / "c")
    resumed = Model([0.1, 0.2, 0.3, 0.4, 0.5])
    resumed.train(tmp_path / "c")
    assert resumed.weight == whole.weight


def test_a_checkpoint_of_other_inputs_is_not_taken_up(tmp_path):
    broken = Model([0.1, 0.2, 0.3, 0.4, 0.5], stop_after=12)
    with pytest.raises(KeyboardInterrupt):
        broken.train(tmp_path / "c")
    other = Model([0.1, 0.2, 0.3, 0.4, 0.5])
    other.train(tmp_path / "c", key="other")
    assert len(other.seen) == 20


def test_patience_ends_a_run_that_gets_no_better(tmp_path):
    model = Model([0.9, 0.1, 0.1, 0.1, 0.1])
    assert model.train(tmp_path / "c", Plan(1, 5, 1.0, 1.0, 2)).epoch == 3


def test_the_rate_rises_and_falls():
    rates = [rate_at(PLAN, step, 10) for step in range(1, 51)]
    assert rates[0] < rates[9] == max(rates) == 1.0
    assert rates[9:] == sorted(rates[9:], reverse=True)
    assert rates[-1] == pytest.approx(0.02)
