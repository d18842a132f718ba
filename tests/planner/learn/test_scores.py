"""Held-out scores: what counts as right, and how far the probabilities can be trusted."""

from __future__ import annotations

import math

import pytest

torch = pytest.importorskip("torch")

from planner.learn.batches import coded  # noqa: E402
from planner.learn.network import Network, OwnWeights  # noqa: E402
from planner.learn.scores import Scores, calibration_error, held_out, scored  # noqa: E402


@pytest.fixture
def setup(small, texts):
    model = small()
    network = Network(model.config, OwnWeights(model.tensors, torch.float32))
    return network, [coded(p, q, model.tokenizer.encode_many) for p, q in texts]


def test_an_example_is_right_when_every_answer_is(setup):
    _, examples = setup
    example = examples[0]
    perfect = [[0.0 if i == b.right else -5.0 for i in range(len(b.options))] for b in example.branches]
    perfect[-1] = []  # the plan is written, not chosen
    scores = Scores()
    scores.add(example, perfect, True)
    wrong = [list(row) for row in perfect]
    wrong[0] = [-row for row in wrong[0]]
    scores.add(example, wrong, False)
    scores.missed(2)
    found = scores.to_json()
    assert (found["all"]["right"], found["all"]["n"]) == (1, 4)
    assert (found["set"]["right"], found["set"]["n"]) == (1, 4)
    assert (found["plan"]["right"], found["plan"]["n"]) == (1, 2)
    assert (found["composed"]["right"], found["composed"]["n"]) == (1, 2)
    assert found["meant"]["n"] == 2 * sum(b.kind == "meant" for b in example.branches)
    assert found["where"]["share"] == 1.0


def test_calibration_error_is_the_gap_between_claim_and_hits():
    sure = [(0.99, True)] * 99 + [(0.99, False)]
    assert calibration_error(sure) == pytest.approx(0.0, abs=1e-9)
    assert calibration_error([(0.9, False)] * 10) == pytest.approx(0.9)
    mixed = [(0.9, True)] * 10 + [(0.6, False)] * 30
    assert calibration_error(mixed) == pytest.approx(0.25 * 0.1 + 0.75 * 0.6)
    assert calibration_error([]) == 0.0


def test_scores_do_not_depend_on_how_rows_are_filled(setup):
    network, examples = setup
    narrow = {n: (v, w) for n, v, w in scored(network, examples, (256,), 256)}
    wide = {n: (v, w) for n, v, w in scored(network, examples * 2, (1024,), 2048)}
    assert set(narrow) == {0, 1, 2}
    assert set(wide) == set(range(6))
    for number, (values, written) in narrow.items():
        assert written is wide[number][1]
        for a, b in zip(values, wide[number][0], strict=True):
            assert a == pytest.approx(b, abs=1e-3)
            assert all(math.isfinite(x) and x < 0 for x in a)


def test_what_fits_no_row_counts_as_wrong(setup):
    network, examples = setup
    found = held_out(network, examples, (64,)).to_json()
    assert (found["all"]["right"], found["all"]["n"]) == (0, 3)
