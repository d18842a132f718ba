"""The same request in four tones: plain, polite, indirect, and with typing slips. For measuring what a tone costs.

A `Draw` with a tone makes the same choices as one without, whatever the tone adds: that is drawn from numbers of its
own. So the requests of one seed and index differ in nothing but the words around them, or in their letters.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from planner.learn.draw import Draw
from planner.learn.nouns import gerund
from planner.learn.talk import lines
from planner.propose import vocabulary as v

if TYPE_CHECKING:
    from planner.learn.sentence import Clause

PLAIN, POLITE, INDIRECT, TYPOS = TONES = ("plain", "polite", "indirect", "typos")
STATED = v.words("the my your our his her that those these this all everything anything each every any some a an both")
GERUNDS = 0.25  # of indirect requests: "would you mind putting ..."

ASKED = lines("""
    please
    please
    could you please
    would you please
    could you kindly
    would you be so kind as to
    if it is not too much trouble, please
    robot, please
    good morning, could you please
    excuse me, would you please
    when you have a moment, please
    might I ask you to please
""")
THANKED = lines("""
    , thank you
    , thanks
    , thank you so much
    , thanks a lot
    , please and thank you
    , if you don't mind
    , much obliged
    , that is very kind of you
""")
HINTED = lines("""
    I was wondering whether you could
    I wonder if you could
    it would be lovely if you could
    it would really help me if you could
    I would be happy if you could
    do you think you could
    is there any chance that you could
    would it be possible for you to
    I was hoping you could
    I'd appreciate it if you could
    maybe you could
    perhaps you can
    I need you to
    I'd like you to
    I want you to
    somebody has to
""")
MINDED = lines("""
    would you mind
    do you mind
    how about
    I would appreciate you
""")
MEANT = lines("""
    I think
    I believe
    I guess
    I'd say
    it seems to me that
    as far as I can tell
    my feeling is that
""")


@contextmanager
def aside(draw: Draw, salt: int = 0) -> Iterator[None]:
    """Within it, random numbers that the main choices do not notice."""
    main, draw.rng = draw.rng, np.random.default_rng([*draw.own, salt])
    try:
        yield
    finally:
        draw.rng = main


def toned(draw: Draw, clause: Clause) -> str:
    """A clause in the draw's tone. Notes in telegram style and wishes have no other indirect form:
    the draw says so in ``odd``."""
    text, plain = clause.text, clause.mood == "plain"
    with aside(draw):
        if draw.tone == POLITE:
            lead = f"{draw.one(ASKED)} " if plain else ""
            close = draw.one(THANKED) if text[-1:] not in ".!?" and (not plain or draw.chance(0.4)) else ""
            return f"{lead}{text}{close}"
        if draw.tone == INDIRECT:
            stated = text.lower().split(" ")[0] in STATED
            draw.odd |= clause.mood == "terse" or text.endswith("?") or not (plain or stated)
            if plain and draw.chance(GERUNDS) and " and " not in text and "," not in text:
                verb, _, rest = text.partition(" ")
                return f"{draw.one(MINDED)} {gerund(verb)} {rest}"
            return f"{draw.one(HINTED if plain else MEANT)} {text}"
    return text
