"""Any noun phrase becomes a body."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.colours import COLOURS
from sim.lexicon import lexicon
from sim.objects import make_body
from skills.types import Form, Pose


def test_blocks_and_bowls():
    block, bowl = make_body("red block"), make_body("light blue bowl")
    assert block.shape.form is Form.BOX
    assert block.shape.size == (0.04, 0.04, 0.04)
    assert block.rgba[:3] == COLOURS["red"]
    assert (block.kind, block.colour, block.movable) == ("block", "red", True)
    assert bowl.shape.form is Form.BOWL
    assert bowl.colour == "light blue"


def test_the_same_words_give_the_same_body_and_other_words_another_look():
    assert make_body("yoga mat") == make_body("yoga mat")
    looks = [make_body(n).rgba for n in ("pepsi can", "coke can", "can", "sprite can")]
    assert len(set(looks)) == len(looks)
    assert make_body("pepsi can").shape == make_body("coke can").shape


def test_of_and_modifiers():
    assert make_body("can of pepsi").rgba == make_body("pepsi can").rgba
    assert make_body("bag of chips").soft
    assert (
        make_body("small apple").shape.size[0] < make_body("apple").shape.size[0] < make_body("big apple").shape.size[0]
    )


def test_receptacles_and_kinds():
    drawer = make_body("top drawer", kind="receptacle")
    assert drawer.shape.form is Form.BIN
    assert not drawer.movable
    assert drawer.kind == "receptacle"
    assert make_body("thingummy", kind="can").shape == make_body("can").shape
    assert make_body("flibbet", kind="gizmotron").kind == "gizmotron"


def test_a_name_without_letters_is_refused():
    with pytest.raises(ValueError, match="at least one letter or digit"):
        make_body(" !? ")


def test_state_carries_everything_over():
    state = make_body("sponge").state(Pose((0.1, 0.2, 0.3)), tick=7)
    assert (state.name, state.kind, state.soft, state.seen_tick) == ("sponge", "sponge", True, 7)


@settings(max_examples=150, deadline=None)
@given(st.text(min_size=1, max_size=60))
def test_every_text_with_a_word_in_it_becomes_a_graspable_thing(text):
    if not any(c.isalnum() for c in text):
        with pytest.raises(ValueError):
            make_body(text)
        return
    body = make_body(text)
    assert body == make_body(text)
    assert body.name == text
    if not body.shape.hollow:
        assert min(body.shape.size[:2]) <= 0.075
    assert 0 < body.mass <= 1.5


def test_every_known_noun_becomes_a_body():
    for noun, entry in lexicon().items():
        assert make_body(noun).shape.size[2] > (0.001 if entry.spill else 0.01)


@pytest.mark.parametrize(
    "name",
    ["box", "brown box", "big cardboard box", "light blue box", "box 2", "red toolbox", "gym bag", "kitchen sink"],
)
def test_what_things_are_kept_in_is_open(name):
    assert make_body(name).shape.form is Form.BIN


@pytest.mark.parametrize("name", ["tea box", "box of tissues", "red lunch box", "box with toys"])
def test_a_box_of_something_is_a_thing(name):
    assert make_body(name).shape.form is Form.BOX
