"""How groups are spoken of: all, all but, two, half, any, either. Each with what it means for the members."""

from __future__ import annotations

from planner.learn.draw import Draw
from planner.learn.groups import Group
from planner.learn.nouns import a_or_an
from planner.learn.phrases import lines
from planner.learn.sentence import Phrase

NUMBER = lines("""
    no
    one
    two
    three
    four
    five
    six
""")

ALL_MANY = lines("""
    all the {many}
    all the {many}
    all {many}
    the {many}
    the {many}
    all of the {many}
    all these {many}
    any {many} you can find
    all the {many} you see
    whatever {many} there are
    all {many} here
    the whole lot of {many}
    all the {many} that are here
    any and all {many}
    all those {many}
    our {many}
    the various {many}
    all my {many}
    the {many}, all of them,
    all the {many} in sight
    any {many} around here
    the full set of {many}
    the {many} lying around
    every last bit of the {many}
    just the {many}
    only the {many}
""")
ALL_ONE = lines("""
    every {one}
    each {one}
    every single {one}
    each and every {one}
    every {one} you can find
    each of the {many}
    every one of the {many}
""")
EXCEPT = lines("""
    _except {x}
    _except for {x}
    _but {x}
    _but not {x}
    _other than {x}
    _apart from {x}
    _aside from {x}
    _excluding {x}
    , not {x}
    _save for {x}
    _besides {x}
    _with the exception of {x}
    _minus {x}
    _without {x}
    , only not {x}
    , though not {x}
    _that isn't {x}
""")
KEEP = lines("""
    . Leave {x} where {itn} {is}
    , but leave {x} where {itn} {is}
    . {x} should stay where {itn} {is}
    , but don't touch {x}
    . Do not touch {x}
    . Don't move {x}
    , {x} can stay
    . Just leave {x} alone
    , but not {x}
    . {x} {stays} put
    . Keep {x} out of it
    , {x} {stays} here though
    . But not {x}!
    . I still need {x} there
    , and leave {x} be
    . Only {x} must remain
    . Make sure {x} {stays} where {itn} {is}
    . Hands off {x}
""")


def _fit(text: str, group: Group) -> str:
    return text.replace("{many}", group.many).replace("{one}", group.one)


def all_of(draw: Draw, group: Group) -> Phrase:
    """The whole group."""
    if group.all and draw.chance(0.35):
        draw.wordings.append(f"all: {group.category[0] if group.category else 'twins'}")
        return Phrase(draw.one(group.all))
    mass = group.mass
    if not mass and group.countable and draw.chance(0.25):
        return Phrase(_fit(draw.say("all one", ALL_ONE), group))
    if len(group.members) == 2 and draw.chance(0.3) and not mass and group.countable:
        return Phrase(_fit(draw.one(("both {many}", "both of the {many}", "the two {many}")), group), True)
    n = len(group.members)
    if 3 <= n <= 6 and draw.chance(0.08) and not mass and group.countable:
        return Phrase(_fit(draw.one((f"all {NUMBER[n]} {{many}}", f"the {NUMBER[n]} {{many}}")), group), True)
    return Phrase(_fit(draw.say("all many", ALL_MANY), group), not mass)


def any_of(draw: Draw, group: Group) -> Phrase:
    """One of the group, whichever."""
    if group.any and draw.chance(0.55 if group.category and group.category[0] != "kinds" else 0.2):
        return Phrase(draw.one(group.any))
    options = [
        "{a}",
        "{a}",
        "{a}",
        "one {one}",
        "any {one}",
        "one of the {many}",
        "any of the {many}",
        "one of those {many}",
        "some {one} or other",
        "just one {one}",
        "whichever {one} you like",
        "{a}, no matter which,",
        "a single {one}",
        "any old {one}",
    ]
    if len(group.members) == 2 and not group.mass:
        options += ["either of the {many}", "one of the two {many}", "either {one}"]
    if group.mass:
        options = ["a piece of {many}", "one piece of {many}", "any piece of {many}"]
    text = draw.one(options).replace("{a}", a_or_an(group.one))
    return Phrase(_fit(text, group), it="it")


def some_of(draw: Draw, group: Group) -> tuple[Phrase, int] | None:
    """A number of them, fewer than all; the phrase and the number."""
    n = len(group.members)
    if n < 3 or group.mass or not group.countable:
        return None
    count = draw.number(2, n - 1)
    if count > 6:
        return None
    word = str(count) if draw.chance(0.15) else NUMBER[count]
    options = [
        f"{word} {{many}}",
        f"{word} of the {{many}}",
        f"any {word} {{many}}",
        f"exactly {word} {{many}}",
        f"{word} of these {{many}}",
        f"just {word} of the {{many}}",
        f"only {word} {{many}}",
        f"{word} {{many}}, whichever,",
    ]
    if count == 2:
        options += ["a couple of {many}", "a couple of the {many}", "a pair of {many}"]
    if 2 * count == n:
        options += ["half of the {many}", "half the {many}", "half of the {many}", "every second one of the {many}"]
    if count == n - 1:
        options += ["all but one of the {many}", "all the {many} except one", "all {many} but one"]
    return Phrase(_fit(draw.one(options), group), True), count
