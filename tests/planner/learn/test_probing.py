"""Training of the probe: on a small model and little knowledge, repeatable, blind to what is held out."""

import json

import pytest

torch = pytest.importorskip("torch")

from planner.learn.knowledge import Entry, Knowledge  # noqa: E402
from planner.learn.probing import Choices, Probing, Scene, _summary, phrase_of, save  # noqa: E402
from planner.propose.probe import Probe  # noqa: E402

FEW = Choices(layer=1, kept=16, hidden=16, width=8, steps=30, batch=16, scenes=8)


def knowledge() -> Knowledge:
    shapes = {"tool": ("fixing", "hard"), "drink": ("drinking", "wet"), "toy": ("playing", "soft")}
    return Knowledge(
        Entry(f"{kind} {word}{i}", kinds=(kind,), uses=(use,), properties=(like,))
        for kind, (use, like) in shapes.items()
        for i in range(12)
        for word in ("small", "red", "old", "far", "blue", "odd", "new", "big", "late", "raw")
    )


def quiet(items, what):
    return items


def test_phrases():
    assert [phrase_of(c) for c in (("kinds", "hand tool"), ("uses", "dig a hole"), ("properties", "wet"))] == [
        "hand tools", "something to dig a hole", "something wet",
    ]  # fmt: skip


def test_it_is_trained_scored_kept_and_the_same_again(small, tmp_path):
    lm = small().engine
    known = knowledge()
    probe, scores = Probing(known, lm, FEW, quiet).run()
    again, same = Probing(known, lm, FEW, quiet).run()
    assert scores == same
    assert all(torch.equal(t, again.tensors[k]) for k, t in probe.tensors.items())
    assert {way: s["n"] for way, s in scores.items()} == {"likelihood": 8, "probe": 8, "both": 8}
    save(probe, {"scores": scores}, tmp_path)
    kept = Probe.load(tmp_path / "probe.safetensors")
    name = sorted(known.entries)[0]
    assert torch.equal(kept.of_thing(lm, name), probe.of_thing(lm, name))
    assert kept.mixes == probe.mixes
    assert json.loads((tmp_path / "probe.json").read_text())["scores"] == scores


def test_what_is_held_out_is_not_learnt(small):
    lm = small().engine
    work = Probing(knowledge(), lm, FEW, quiet)
    assert not set(work.categories) & work.view.held.categories
    held = work.view.held.objects
    assert held
    for scene in work.scenes(held, 3):
        assert set(scene.members) | set(scene.others) <= held
        assert not set(scene.others) & set(work.knowledge.members(*scene.category))


def test_scores():
    scene = Scene(("kinds", "tool"), ("a", "b"), ("c", "d"))
    found = _summary([(scene, [2.0, 1.0, -1.0, -2.0]), (scene, [2.0, -1.0, 1.0, -2.0])])
    assert (found["area"], found["first"], found["whole"], found["n"]) == (0.875, 2, 1, 2)
