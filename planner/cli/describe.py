"""What the robot sees, in words: where every thing is, from the measured facts."""

from __future__ import annotations

from skills.state import State
from skills.types import Observation, Region


def whereabouts(observation: Observation, state: State) -> dict[str, str]:
    """For each thing, by name, one phrase: what it lies in or on, or the smallest place around it."""
    said: dict[str, list[str]] = {name: [] for name in observation.objects}
    for a in sorted(state.base):
        if not a.args or a.args[0] not in said:
            continue
        phrases = said[a.args[0]]
        if a.predicate == "holding":
            phrases.append("in the robot's hand")
        elif a.predicate in ("in", "on"):
            phrases.append(f"{a.predicate} the {a.args[1]}")
    for name, phrases in said.items():
        if not phrases:
            phrases.append(_place(name, observation, state))
        thing = observation.objects[name]
        if not thing.upright and thing.movable:
            phrases.append("tilted" if thing.pose_world.tilt < 1.0 else "lying on its side")
    return {name: ", ".join(phrases) for name, phrases in sorted(said.items())}


def _place(name: str, observation: Observation, state: State) -> str:
    at = [a.args[1] for a in state.base if a.predicate == "at" and a.args[0] == name]
    places = sorted((observation.regions[p] for p in at if p in observation.regions), key=_area)
    if places:
        return f"at the {places[0].name}"
    x, y, z = observation.objects[name].pose_world.position
    if observation.regions and z < min(r.surface for r in observation.regions.values()) - 0.05:
        return "fallen below the surface"
    return f"resting on nothing known, at ({x:.2f}, {y:.2f}, {z:.2f}) m"


def _area(region: Region) -> float:
    return (region.high[0] - region.low[0]) * (region.high[1] - region.low[1])


def duration(seconds: float) -> str:
    """Seconds for a person: ``0.42 s``, ``8.1 s``, ``2 min 05 s``."""
    if seconds < 1:
        return f"{seconds:.2f} s"
    if seconds < 100:
        return f"{seconds:.1f} s"
    return f"{int(seconds // 60)} min {int(seconds % 60):02d} s"
