"""What follows, symbolically, from things on joints: open and closed, pressed, lit, and where their parts are."""

from __future__ import annotations

from skills.mechanisms import Mechanism, Motion
from skills.symbols import GroundAtom
from skills.types import Observation

_TYPES = {Motion.SLIDE: "articulated", Motion.HINGE: "articulated", Motion.BUTTON: "button", Motion.LAMP: "lamp"}


def joint_types(joint: Mechanism) -> set[str]:
    """The symbolic types that a joint gives to a thing."""
    return {_TYPES[joint.motion]}


def joint_facts(obs: Observation, base: set[GroundAtom]) -> dict[str, str]:
    """Add the base facts of all joints to ``base``; returns the pairs of names that mean one part.

    A part is at the places of the whole that it belongs to. A lamp is lit by the button that switches it; where that
    does not agree with what is seen (a broken lamp, one lit by other means) what is seen counts.
    """
    twins: dict[str, str] = {}
    for name, thing in obs.objects.items():
        joint = thing.joint
        if joint is None:
            continue
        if joint.open:
            base.add(GroundAtom("open", (name,)))
        elif joint.closed:
            base.add(GroundAtom("closed", (name,)))
        if joint.pressed:
            base.add(GroundAtom("pressed", (name,)))
        if joint.whole != name:
            at = [a.args[1] for a in base if a.predicate == "at" and a.args[0] == joint.whole]
            base.update(GroundAtom("at", (name, place)) for place in at)
            if len(joint.parts) > 1 and joint.whole in obs.objects:
                twins[name], twins[joint.whole] = joint.whole, name
        lamp = obs.objects.get(joint.switches or "")
        if lamp is not None and lamp.joint is not None and lamp.joint.lit == joint.pressed:
            base.add(GroundAtom("switches", (name, lamp.name)))
    wired = {a.args[1] for a in base if a.predicate == "switches"}
    for name, thing in obs.objects.items():
        if thing.joint is not None and thing.joint.lit and name not in wired:
            base.add(GroundAtom("lit", (name,)))
    return twins
