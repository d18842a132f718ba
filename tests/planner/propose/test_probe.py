"""The probe: what it is asked for a phrase, how it is mixed in, and what the shipped one knows of things never met."""

import pytest

torch = pytest.importorskip("torch")

from planner.learn.knowledge import load_knowledge  # noqa: E402
from planner.learn.splits import hold_out  # noqa: E402
from planner.lm.api import ScriptedLM  # noqa: E402
from planner.lm.engine import load_language_model  # noqa: E402
from planner.propose.belief import believed  # noqa: E402
from planner.propose.likeness import likeness  # noqa: E402
from planner.propose.lookup import Lookup, open_lookup  # noqa: E402
from planner.propose.probe import LIMIT, Mix, Probe, shipped  # noqa: E402


@pytest.fixture(scope="module")
def lookup() -> Lookup:
    found = open_lookup("all")
    assert found is not None
    return found


def test_a_phrase_asks_for_what_is_written_down(lookup):
    assert lookup.categories_of("tools") == [[("kinds", "tool")]]
    assert lookup.categories_of("crunchy snacks") == [[("kinds", "snack")], [("properties", "crunchy")]]
    (uses,) = lookup.categories_of("something to drink")
    assert ("uses", "drink") in uses
    assert all(f == "uses" for f, _ in uses)
    assert lookup.categories_of("something sharp") == [[("properties", "sharp")]]
    for odd in ("grommets", "snacks that are not sweet", "things that belong in a shed"):
        assert [] in lookup.categories_of(odd), odd


def small(categories, values) -> Probe:
    """A probe without a model behind it: what it says of each thing is given."""
    probe = Probe({"mean": torch.zeros(3, 2)}, categories, 1, "m", {"sort": Mix(1, 0.5, 0), "use": Mix(0.5, 1, -1)})
    probe._odds = {n: torch.tensor(v) for n, v in values.items()}
    return probe


def test_both_are_weighed_together_where_the_probe_knows_the_category(lookup, monkeypatch):
    probe = small([("kinds", "snack"), ("properties", "crunchy")], {"frob": [4.0, -2.0], "blick": [1.0, 3.0]})
    monkeypatch.setattr("planner.propose.probe.LocalModel", object)
    names = ["frob", "blick"]
    assert probe.odds(None, lookup, "crunchy snacks", names) == [-2.0, 1.0]  # both must be so
    assert probe.mixed(None, lookup, "snacks", names, [2.0, -2.0]) == [5.0, 0.0]
    assert probe.mixed(None, lookup, "something crunchy", names, [2.0, -2.0]) == [0.0, -1.5]
    assert probe.mixed(None, lookup, "grommets", names, [2.0, -2.0]) == [2.0, -2.0]


def test_a_model_of_another_kind_is_left_alone(lookup):
    lm = ScriptedLM(lambda prefix, option: float(len(option)))
    assert believed(lm, ["snacks"], ["frob"], (), lookup) == likeness(lm, ["snacks"], ["frob"])


def test_a_file_that_holds_no_probe_is_refused(tmp_path):
    path = tmp_path / "probe.safetensors"
    path.write_bytes(b"\0" * 64)
    with pytest.raises(ValueError, match="groundplan train --probe"):
        Probe.load(path)


def test_the_shipped_probe_is_small_and_was_never_shown_what_is_held_out():
    probe = shipped()
    assert probe is not None
    assert not set(probe.column) & hold_out(load_knowledge()).categories
    assert sum(t.numel() * 2 for t in probe.tensors.values()) < 12e6
    assert set(probe.mixes) == {"sort", "use"}


@pytest.mark.weights
def test_things_that_nobody_wrote_down_are_sorted(lookup):
    lm, probe = load_language_model(), shipped()
    assert probe is not None
    assert probe.fits(lm)
    things = {"tool": ["adze", "pliers wrench"], "fruit": ["mangosteen", "soursop"], "clothing": ["dirndl", "kaftan"]}
    names = [n for some in things.values() for n in some]
    for kind, some in things.items():
        odds = dict(zip(names, probe.odds(lm, lookup, kind, names) or [], strict=True))
        assert max(odds, key=lambda n: odds[n]) in some, (kind, odds)
        assert all(abs(x) <= LIMIT for x in odds.values())
