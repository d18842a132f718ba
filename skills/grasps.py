"""Where and how a parallel gripper can take hold of a thing: candidates from its form, best first.

Pure geometry; whether the arm gets there is for `skills.affordance` and the controllers. The tool frame sits
between the pads, z out of the hand, the fingers close along y (see `skills.driver.Kinematics`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from skills.geometry import width_along
from skills.types import Array, Form, ObjectState, Pose, RobotSpec

FINGER_CLEARANCE = 0.006  # [m] opened fingers and thing, both sides together: the least that can be approached
OPENING_MARGIN = 0.034  # [m] how much wider than the thing the fingers open, both sides together
NARROWER = ((0.018, 0.8), (0.010, 0.6))  # [m] the same in narrow places; preference left with so little room
RELEASE_OPENING = 0.016  # [m] opened by this much to let go: little, since neighbours may be near
TIP_GAP = 0.003  # [m] finger tips stay this far above what the thing stands on
PALM_GAP = 0.006  # [m] the palm stays this far above the thing
FRICTION = 0.5  # cautious coefficient between pad and thing
FORCE_MARGIN = 2.5  # times the force that just carries the weight
FORCE_RANGE = (10.0, 20.0)  # [N]
RIM_FORCE = 40.0  # [N] at most for what hangs heavy at one side of its wall
SOFT_FORCE = 10.0  # [N] soft things are squeezed through the fingers by more
GRAVITY = 9.81  # [m/s^2]
ON_END = 1e-6  # sine of the lean of a round thing that stands on its head
LEVEL_AXIS = math.sin(math.radians(20))  # an axis whose z part is smaller counts as horizontal
FLAT = math.cos(math.radians(8))  # a face tilted less is flat
SIDE_HEIGHT = 0.10  # [m] upright things at least this tall are also offered from the side
SIDE_TOOL_HEIGHT = 0.055  # [m] a level hand needs this much room between tool and ground
HIGH_DEPTH = 0.006  # [m] pad centre below the top of a thing that is held by its upper end
HIGH_PENALTY = 0.12  # preference lost by holding a thing at its upper end
RIM_DEPTH = 0.012  # [m] pad centre below the rim, at most; 0.3 of the height on low things
RIM_STEPS = 12
RIM_STRIDE = 5  # steps to the next spot that is offered: where one is blocked, its neighbours are, too
RIM_SCORE = 0.75
ROUND_STEPS = 8


@dataclass(frozen=True)
class Grasp:
    """One way to take hold. ``width``: expected opening when closed [m]; ``opening``: before closing [m];
    ``score`` in (0, 1]: prior preference; ``style``: top, side, rim or level."""

    pose_object_tool: Pose
    width: float
    opening: float
    force: float
    score: float
    style: str

    def pose_world(self, obj: ObjectState) -> Pose:
        """pose_world_tool with the thing where it is now."""
        return obj.pose_world @ self.pose_object_tool


@dataclass(frozen=True)
class GraspSet:
    """Candidates, best first; ``reason``: why there are none."""

    grasps: tuple[Grasp, ...]
    reason: str = ""


def narrowed(grasp: Grasp) -> tuple[Grasp, ...]:
    """The same grasp with fingers opened less and less, for narrow places."""
    return tuple(
        replace(grasp, opening=grasp.width + margin, score=grasp.score * share)
        for margin, share in NARROWER
        if grasp.width + margin < grasp.opening
    )


def grip_force(obj: ObjectState, spec: RobotSpec) -> float:
    """Finger force [N]: 2.5 times what two pads need to carry the weight, within 10-20 N and the gripper's range."""
    low, high = FORCE_RANGE
    need = FORCE_MARGIN * obj.mass * GRAVITY / (2 * FRICTION)
    wish = SOFT_FORCE if obj.soft else min(max(need, low), high)
    return float(min(max(wish, spec.gripper_force[0]), spec.gripper_force[1]))


def rim_force(obj: ObjectState, spec: RobotSpec, arm: float) -> float:
    """`grip_force` [N], or up to `RIM_FORCE` for what hangs ``arm`` [m] from its middle and would turn out of the
    fingers: the moment m g arm against the force times the height of a pad."""
    least = grip_force(obj, spec)
    if obj.soft:
        return least
    return max(least, min(obj.mass * GRAVITY * arm / spec.pad[1], RIM_FORCE, spec.gripper_force[1]))


def graspable_width(spec: RobotSpec) -> float:
    """The thickest thing that fits between the open fingers [m]."""
    return spec.gripper_range[1] - FINGER_CLEARANCE


def grasp_candidates(obj: ObjectState, spec: RobotSpec) -> GraspSet:
    """All ways of taking hold of ``obj`` that its size allows, best first."""
    if not obj.movable:
        return GraspSet((), f"{obj.name} is fixed")
    if obj.mass > spec.payload:
        return GraspSet((), f"{obj.name} weighs {obj.mass:.1f} kg, more than the payload of {spec.payload:.1f} kg")
    found = _top(obj, spec) + _side(obj, spec)
    if obj.shape.hollow:
        found += _rim(obj, spec)
    if found:
        return GraspSet(tuple(sorted(found, key=lambda g: -g.score)))
    if obj.shape.hollow:
        return GraspSet((), f"{obj.name} lies tilted: no rim or side that the fingers can take")
    thin = min(width_along(obj, axis) for axis in closing_axes(obj))
    return GraspSet(
        (),
        f"{obj.name} is {thin * 100:.1f} cm thick, the fingers take at most {graspable_width(spec) * 100:.1f} cm",
    )


def closing_axes(obj: ObjectState) -> list[Array]:
    """Horizontal unit directions (3,) along which flat pads meet the thing well."""
    rotation = obj.pose_world.rotation()
    form = obj.shape.form
    round_ = form in (Form.CYLINDER, Form.BOWL)
    if form is Form.SPHERE or (round_ and (obj.upright or math.hypot(rotation[0, 2], rotation[1, 2]) < ON_END)):
        turns = np.arange(ROUND_STEPS // 2) * (math.pi / (ROUND_STEPS // 2))
        return [np.array([math.cos(t), math.sin(t), 0.0]) for t in turns]
    if round_:  # lying or leaning: across the axis
        across = np.cross((0.0, 0.0, 1.0), rotation[:, 2])
        return [across / np.linalg.norm(across)]
    level = [rotation[:, k] for k in range(3) if abs(rotation[2, k]) < LEVEL_AXIS]
    flat = [np.array([a[0], a[1], 0.0]) for a in level]
    if not flat:  # balanced on a corner: along whichever horizontal direction it is thinnest
        turns = np.arange(8) * (math.pi / 8)
        flat = [np.array([math.cos(t), math.sin(t), 0.0]) for t in turns]
    return [a / np.linalg.norm(a) for a in flat]


def tool_frame(point: Array, out: Array, closing: Array) -> Pose:
    """pose_world_tool at ``point`` with z along ``out`` and y along ``closing`` (orthogonal unit vectors)."""
    m = np.eye(4)
    m[:3, 0], m[:3, 1], m[:3, 2], m[:3, 3] = np.cross(closing, out), closing, out, point
    return Pose.from_matrix(m)


def make_grasp(obj: ObjectState, spec: RobotSpec, tool: Pose, width: float, score: float, style: str) -> Grasp:
    opening = min(spec.gripper_range[1], width + OPENING_MARGIN)
    back = obj.pose_world.inverse() @ tool
    return Grasp(back, width, opening, grip_force(obj, spec), score, style)


def fit(width: float, spec: RobotSpec) -> float:
    """1 with 7 mm or more of room on each side, 0.6 at the tightest that is offered."""
    room = spec.gripper_range[1] - width
    return 0.6 + 0.4 * min(1.0, max(0.0, (room - FINGER_CLEARANCE) / (0.014 - FINGER_CLEARANCE)))


def _top(obj: ObjectState, spec: RobotSpec) -> list[Grasp]:
    down = np.array([0.0, 0.0, -1.0])
    centre = np.asarray(obj.pose_world.position)
    # a ball or a lying can is held at its middle; a tall thing as low as the palm allows
    z = max(centre[2], obj.top_z - spec.finger_depth + PALM_GAP, obj.bottom_z + spec.pad[1] / 2 + TIP_GAP)
    if obj.shape.hollow and z < obj.bottom_z + 0.5 * obj.extents()[2]:
        z = obj.bottom_z + 0.5 * obj.extents()[2]
    # flat sides may be held at their upper end, too: low neighbours and bowls then leave the hand alone
    high = obj.top_z - HIGH_DEPTH if _flat_top(obj) else z
    found = []
    for axis in closing_axes(obj):
        width = width_along(obj, axis)
        if width > graspable_width(spec):
            continue
        length = width_along(obj, np.cross(down, axis))  # how much of the pad's breadth the thing fills
        score = fit(width, spec) * (1.0 if length >= spec.pad[0] else 0.7)
        if obj.shape.form is Form.BOX:
            score -= 0.05 * width / spec.gripper_range[1]  # across the narrow side leaves more room for error
        for height, value in ((z, score), (high, score - HIGH_PENALTY)):
            if height < z + 0.004 and value < score:
                continue
            for sign in (1.0, -1.0):
                tool = tool_frame(np.array([centre[0], centre[1], height]), down, sign * axis)
                found.append(make_grasp(obj, spec, tool, width, value, "top"))
    return found


def _flat_top(obj: ObjectState) -> bool:
    rotation = np.abs(obj.pose_world.rotation()[2])
    level = rotation[2] if obj.shape.form is Form.CYLINDER else float(np.max(rotation))
    return obj.shape.form in (Form.BOX, Form.CYLINDER) and level > FLAT


def _side(obj: ObjectState, spec: RobotSpec) -> list[Grasp]:
    """Level grasps of tall things: useful where something overhangs or the top is out of reach."""
    height = obj.extents()[2]
    if not obj.upright or obj.shape.hollow or obj.shape.form is Form.SPHERE or height < SIDE_HEIGHT:
        return []
    centre = np.asarray(obj.pose_world.position)
    z = min(max(obj.bottom_z + SIDE_TOOL_HEIGHT, centre[2]), obj.top_z - spec.pad[1] / 2)
    if obj.shape.form is Form.CYLINDER:
        turns = np.arange(ROUND_STEPS) * (2 * math.pi / ROUND_STEPS)
        axes = [np.array([math.cos(t), math.sin(t), 0.0]) for t in turns]
    else:
        axes = [sign * a for a in closing_axes(obj) for sign in (1.0, -1.0)]
    found = []
    for axis in axes:
        width = width_along(obj, axis)
        out = np.cross(axis, (0.0, 0.0, 1.0))
        deep = width_along(obj, out) / 2
        if width > graspable_width(spec) or deep > spec.finger_depth - PALM_GAP:
            continue
        for sign in (1.0, -1.0):  # the hand turned over
            tool = tool_frame(np.array([centre[0], centre[1], z]), out, sign * axis)
            found.append(make_grasp(obj, spec, tool, width, 0.5 * fit(width, spec), "side"))
    return found


def _rim(obj: ObjectState, spec: RobotSpec) -> list[Grasp]:
    """From above across the wall: one finger inside, one outside."""
    if not obj.upright:
        return []
    down = np.array([0.0, 0.0, -1.0])
    rotation = obj.pose_world.rotation()
    half = np.asarray(obj.shape.size, float) / 2
    z = half[2] - min(RIM_DEPTH, 0.3 * 2 * half[2])
    spots: list[tuple[Array, Array]] = []
    if obj.shape.form is Form.BOWL:
        for turn in np.arange(RIM_STEPS) * RIM_STRIDE % RIM_STEPS * (2 * math.pi / RIM_STEPS):
            ray = np.array([math.cos(turn), math.sin(turn), 0.0])
            spots.append((ray * (half[0] - obj.shape.wall / 2), ray))
    else:
        for axis, sign in ((0, 1.0), (0, -1.0), (1, 1.0), (1, -1.0)):
            ray = np.zeros(3)
            ray[axis] = sign
            spots.append((ray * (half[axis] - obj.shape.wall / 2), ray))
    found = []
    for spot, ray in spots:
        point = obj.pose_world.apply(spot + np.array([0.0, 0.0, z]))
        closing = rotation @ ray
        closing = np.array([closing[0], closing[1], 0.0]) / np.hypot(closing[0], closing[1])
        arm = float(np.linalg.norm(spot[:2]))
        for sign in (1.0, -1.0):
            tool = tool_frame(point, down, sign * closing)
            taken = make_grasp(obj, spec, tool, obj.shape.wall, RIM_SCORE, "rim")
            found.append(replace(taken, force=rim_force(obj, spec, arm)))
    return found
