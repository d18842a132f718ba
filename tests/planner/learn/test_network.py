"""The network that is trained computes what the engine computes."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from planner.learn.batches import Row, coded, trees_of  # noqa: E402
from planner.learn.network import AdapterWeights, Network, OwnWeights, Trees  # noqa: E402
from planner.learn.scores import read  # noqa: E402
from planner.propose import form  # noqa: E402

KINDS = {
    "grouped": {},
    "multi-head": {"kv_heads": 4},
    "alibi": {"position": "alibi"},
    "t5": {"position": "t5"},
    "learned": {"position": "learned"},
    "none": {"position": "none"},
    "window": {"window": 12, "window_layers": (0, 2)},
    "gemma": {"window": 12, "window_layers": (0, 2), "local_theta": 100.0, "activation": "gelu", "qk_norm": True,
              "post_norms": True, "embed_scale": 8.0, "query_scale": 0.3},
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_scores_equal_the_engines(kind, small, texts):
    model = small(**KINDS[kind])
    network = Network(model.config, OwnWeights(model.tensors, torch.float32))
    examples = [coded(prefix, questions, model.tokenizer.encode_many) for prefix, questions in texts]
    row = Row()
    for number, example in enumerate(examples):
        row.score(number, example)
    answers = read(network, trees_of([row], 1024, 1), [row], 1024)
    found = answers.options
    for number, (prefix, questions) in enumerate(texts):
        wanted = model.engine.score_many(prefix, [(q.tail, q.options) for q, _ in questions])
        for which, options in enumerate(wanted):
            if examples[number].branches[which].kind == "plan":
                text, prompt = questions[which][0].options[0], prefix + questions[which][0].tail
                greedy = model.engine.complete(prompt, 40, stop=["\n"]).text
                assert answers.written[number, which] == (greedy + "\n" == text)
                continue
            assert found[number, which] == pytest.approx([o.logprob for o in options], abs=2e-4)


@pytest.mark.parametrize("own", [True, False])
def test_gradients_equal_those_of_differences(own, small):
    model = small(layers=2)
    config, tensors = model.config, model.tensors
    generator = torch.Generator().manual_seed(0)
    weights = (
        OwnWeights(tensors, torch.float32) if own else AdapterWeights(config, tensors, torch.float32, 2, 4.0, generator)
    )
    for p in weights.trained().values():
        p.data += torch.randn(p.shape, generator=generator) * 0.02
    weights.refresh()
    network = Network(config, weights)
    visible = torch.tril(torch.ones(1, 24, 24, dtype=torch.bool))
    trees = Trees(torch.randint(0, 300, (1, 24), generator=generator), torch.arange(24)[None], visible)
    way = torch.randn(1, 24, config.dim, generator=generator)

    def value() -> float:
        weights.refresh()
        with torch.no_grad():
            return float((network.hidden(trees) * way).double().sum())

    (network.hidden(trees) * way).sum().backward()
    for name, p in weights.trained().items():
        if p.grad is None:
            assert name == "head", name  # not asked for here
            continue
        direction = torch.randn(p.shape, generator=generator)
        step, before = 1e-2 / float(direction.norm()), p.data.clone()
        p.data = before + step * direction
        up = value()
        p.data = before - step * direction
        down = value()
        p.data = before
        wanted = (up - down) / (2 * step)
        assert float((p.grad * direction).sum()) == pytest.approx(wanted, rel=0.02, abs=0.05), name


def test_an_adapter_that_was_not_trained_changes_nothing_and_lower_layers_can_stay(small):
    model = small()
    config, tensors = model.config, model.tensors
    weights = AdapterWeights(config, tensors, torch.float32, 4, 8.0, torch.Generator().manual_seed(1), first_layer=1)
    assert all(torch.equal(t, tensors[n]) for n, t in weights.merged().items())
    assert {n.split(".")[1] for n in weights.trained()} == {"1", "2"}


def test_questions_of_the_form_are_known_by_their_tails():
    from planner.learn.batches import kind_of

    assert [kind_of(q.tail) for q in (form.meant("cup"), form.how_many(), form.first(["a", "b"], ["c"]))] == [
        "meant",
        "count",
        "order",
    ]
    with pytest.raises(ValueError, match="no question of the form"):
        kind_of("\nWhy:")
