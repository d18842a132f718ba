"""What is tried in `envs.trials` of the skills that fetch: pick, the three ways to put down, stacks, driving.

Things are drawn from all nouns that the lexicon knows, as long as a hand that opens 8 cm and lifts 3 kg can take them.
"""

from __future__ import annotations

from functools import cache, partial
from typing import Any

import numpy as np

from envs.trial_plan import BYSTANDERS, PLACES, Draw, Plan
from sim.lexicon import lexicon
from sim.objects import Body, make_body
from sim.robots import load_robot
from skills.geometry import plan_radius
from skills.grasps import grasp_candidates
from skills.spots import fits_in, support_fit
from skills.types import Form, ObjectState, Pose

BLOCKS = ("red block", "green block", "blue block")
INTO = ("blue bowl", "red bowl", "basket", "tray", "pot", "bin")
WIDE = 0.9  # how well a support must carry what is put on it: no balancing acts
SPARE = 0.05  # [m] between the two and to the edge
WIDEST = 0.11  # [m] radius of what is put near something, and of that: a counter is 44 cm deep
STATIONS = (*PLACES, "trash can", "user")


@cache
def takeable() -> tuple[str, ...]:
    """Nouns of things that the default hand can take as they stand."""
    spec = load_robot("mobile_panda").spec
    nouns = (n for n, e in lexicon().items() if not e.spill)
    return tuple(n for n in nouns if grasp_candidates(_standing(make_body(n)), spec).grasps)


def _standing(body: Body) -> ObjectState:
    return body.state(Pose((0.0, 0.0, body.shape.size[2] / 2)))


def _thing(rng: np.random.Generator) -> str:
    return str(rng.choice(takeable()))


def _pick(rng: np.random.Generator, place: str, form: Form | None = None) -> Plan:
    """``form``: things of that form alone, since rare ones are few among all."""
    things = [n for n in takeable() if form is None or make_body(n).shape.form is form]
    thing = str(rng.choice(things))
    return Plan(({"name": thing, "at": place},), place, (), f"pick({thing})")


def _carried(rng: np.random.Generator, place: str, goal: str, thing: str, step: str) -> Plan:
    return Plan(({"name": thing, "at": place},), place, (f"pick({thing})", f"go_to({goal})"), step)


def _place_at(rng: np.random.Generator, place: str) -> Plan:
    thing, goal = _thing(rng), str(rng.choice([p for p in PLACES if p != place]))
    return _carried(rng, place, goal, thing, f"place_at({thing}, {goal})")


def _throw(rng: np.random.Generator, place: str) -> Plan:
    while True:
        thing = _thing(rng)
        if plan_radius(_standing(make_body(thing))) < 0.11:
            return _carried(rng, place, "trash can", thing, f"place_at({thing}, trash can)")


def _place_in(rng: np.random.Generator, place: str, nested: bool = False) -> Plan:
    """``nested``: what goes in is a bowl, a cup or a pot itself."""
    while True:
        thing, target = _thing(rng), str(rng.choice(INTO))
        if nested and make_body(thing).shape.form is not Form.BOWL:
            continue
        if thing != target and fits_in(_standing(make_body(thing)), _standing(make_body(target))):
            objects = ({"name": thing, "at": place}, {"name": target, "at": place})
            return Plan(objects, place, (f"pick({thing})",), f"place_in({thing}, {target})")


def _place_on(rng: np.random.Generator, place: str) -> Plan:
    flat = [n for n, e in lexicon().items() if e.form in (Form.BOX, Form.CYLINDER) and not e.spill]
    while True:
        thing, target = _thing(rng), str(rng.choice(flat))
        below = _standing(make_body(target))
        fits = support_fit(_standing(make_body(thing)), below) > WIDE and min(below.shape.size[:2]) >= 0.03
        if thing != target and fits and below.shape.size[2] < 0.2:
            objects = ({"name": thing, "at": place}, {"name": target, "at": place})
            return Plan(objects, place, (f"pick({thing})",), f"place_on({thing}, {target})")


def _near(sides: tuple[str, ...]) -> Draw:
    """Something put down near something else that stands at the same place."""

    def draw(rng: np.random.Generator, place: str) -> Plan:
        while True:
            thing, other = _thing(rng), _thing(rng)
            radii = [plan_radius(_standing(make_body(n))) for n in (thing, other)]
            if thing != other and max(radii) < WIDEST:
                objects = ({"name": thing, "at": place}, {"name": other, "at": place})
                side = str(rng.choice(sides))
                room = None if side == "beside" else (other, side, 2 * radii[0] + SPARE)
                step = f"place_{side}({thing}, {other})"
                return Plan(objects, place, (f"pick({thing})",), step, bystanders=1, room=room)

    return draw


def _tower(rng: np.random.Generator, place: str) -> Plan:
    low, middle, high = (str(b) for b in rng.permutation(BLOCKS))
    objects: tuple[dict[str, Any], ...] = tuple({"name": b, "at": place} for b in BLOCKS)
    before = (f"pick({middle})", f"place_on({middle}, {low})", f"pick({high})")
    return Plan(objects, place, before, f"place_on({high}, {middle})")


def _go_to(rng: np.random.Generator, place: str) -> Plan:
    goal = str(rng.choice([s for s in STATIONS if s != place]))
    thing = str(rng.choice(BYSTANDERS))
    before = (f"pick({thing})",) if rng.integers(2) else ()
    return Plan(({"name": thing, "at": place},), place, before, f"go_to({goal})")


FETCHING: dict[str, Draw] = {
    "pick": _pick,
    **{
        f"pick a {form.value}": partial(_pick, form=form)
        for form in (Form.BOX, Form.CYLINDER, Form.SPHERE, Form.BOWL, Form.BIN)
    },
    "put at another place": _place_at,
    "throw away": _throw,
    "put into a container": _place_in,
    "put a vessel into a container": partial(_place_in, nested=True),
    "put onto something": _place_on,
    "put next to something": _near(("beside",)),
    "put on a side of something": _near(("left_of", "right_of", "in_front_of", "behind")),
    "third block of a tower": _tower,
    "go to": _go_to,
}
