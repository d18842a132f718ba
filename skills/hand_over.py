"""hand_over(obj, person): hold the thing out over the person's tray, wait, lay it down there and let go.

Who takes it out of the air would have to be felt by the hand; here it is always laid down, so that the effect can be
measured: it rests on the tray.
"""

from __future__ import annotations

from skills.affordance import regions_for
from skills.operators import HAND_OVER
from skills.place import placing_skill
from skills.spot import Spot
from skills.types import ObjectState, Observation

HOLD = 1.0  # [s] held out before it is laid down


def tray_spots(obs: Observation, obj: ObjectState, person: str) -> tuple[list[Spot], float, str]:
    """Free spots of the tray that is a person's place; no fit where nobody is."""
    region = obs.regions.get(person)
    if region is not None and not region.person:
        there = ", ".join(sorted(n for n, r in obs.regions.items() if r.person)) or "none"
        return [], 0.0, f"nobody is at {person!r}; people: {there}"
    return regions_for(obs, obj, person)


HAND_OVER_SKILL = placing_skill(HAND_OVER, tray_spots, HOLD)
