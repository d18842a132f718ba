"""What is known of the things around, kept over time: seen, felt, remembered, forgotten.

A thing that is seen again in about the same place is averaged (near looks weigh more than far ones), one that is seen
elsewhere has moved. What the fingers hold goes with the hand. What nothing shows keeps its last pose and grows stale;
what ought to be visible in its place but is not, is forgotten. What was never seen is not known.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from skills.perception_fit import USUAL, Fit, fit, fit_near, own_points
from skills.perception_grip import seat_in_hand
from skills.perception_model import ObjectModel
from skills.perception_rest import rest_on_supports
from skills.perception_turns import between, nearest_reading, turn_between
from skills.perception_view import NO_SIGHT, View
from skills.predicates import UNSEEN, held_object
from skills.types import Array, ObjectState, Observation, Pose, Region, RobotState

PIXELS = 160  # of one thing taken from one picture
GATE = 0.005  # [m] seen within this (and twice its spread) of where it was: it has not moved
TURN_GATE = 0.12  # [rad]
LEAST_GAIN = 0.3  # weight of a new sighting in a long row of equal ones
STICK = 0.0015  # [m] a reported pose changes only when the estimate has left it by this: at rest means at rest
STICK_TURN = 0.03  # [rad]
IN_HAND_VISIBLE = 0.2  # share of a held thing's surface that must be seen to correct the hand
POOR = 0.009  # [m] residual of a fit that explains nothing
SLIGHT = 0.08  # share of its surface that must be seen before a new pose is believed
GONE = 0.6  # share of its open surface that the cameras see through: it is not there
OPEN_SAMPLES = 6  # sample points that must be open to view for such a judgement
CLEAR_CASE = 0.85  # a share of this is believed at once, less only when seen twice
BETTER = 1.5  # a look with points so much better than all before reads a thing as if for the first time
HALF_LIFE = 600.0  # [ticks] in which confidence halves when nothing is seen (10 s)


@dataclass(frozen=True, eq=False)
class Track:
    """One remembered thing. ``estimate``: filtered; ``pose_world``: as reported; ``looks``: sightings in a row that
    agree; ``visible``: share of its surface in the last one; ``doubts``: looks in which it was not where it should be;
    ``in_hand``: pose_tool_object while it is held; ``noise``: expected error of its points [m]; ``slack``: how far it
    may lie to one side because only its other end was seen [m]."""

    estimate: Pose
    pose_world: Pose
    seen_tick: int
    looks: int = 1
    visible: float = 1.0
    residual: float = 0.0
    doubts: int = 0
    in_hand: Pose | None = None
    noise: float = USUAL
    slack: float = 0.0

    @property
    def error(self) -> float:
        """Standard error of its position [m]; how far it may slide counts as three of it."""
        return max(self.noise, self.slack / 3)

    def confidence(self, tick: int) -> float:
        """From 1 (well seen, just now) towards 0 (glimpsed, long ago)."""
        fresh: float = 0.5 ** (max(0, tick - self.seen_tick) / HALF_LIFE)
        sure: float = 1 - 0.5 ** (self.looks + 2 * min(1.0, self.visible))
        return fresh * sure * (0.5 if self.doubts else 1.0)


class ObjectMemory:
    """Known things by name. ``models``: what may lie around; ``regions``: the furniture's surfaces."""

    def __init__(self, models: Mapping[str, ObjectModel], regions: Mapping[str, Region]) -> None:
        self.models, self.regions = dict(models), dict(regions)
        self.tracks: dict[str, Track] = {}
        self._reported: dict[str, ObjectState] | None = None

    @property
    def held(self) -> str | None:
        """What the hand holds, as far as it is known."""
        return next((n for n, t in self.tracks.items() if t.in_hand is not None), None)

    def objects(self) -> dict[str, ObjectState]:
        """Everything known now, by name, in the order of the models."""
        if self._reported is None:
            states = {
                n: replace(m.state(self.tracks[n].pose_world, self.tracks[n].seen_tick), error=self.tracks[n].error)
                for n, m in self.models.items()
                if n in self.tracks
            }
            errors = {n: self.tracks[n].noise - USUAL for n in states}
            self._reported = rest_on_supports(states, self.regions, self.held, errors)
        return dict(self._reported)

    def forget(self, name: str) -> None:
        """Drop what is known of a thing; harmless when nothing is."""
        self.tracks.pop(name, None)
        self._reported = None

    def feel(self, state: RobotState, pose_world_tool: Pose) -> None:
        """Take over the hand's own reading: what it holds moves with it, what it lets go stays behind."""
        name = self.held
        if name is not None and _empty(state):
            self._put(name, replace(self.tracks[name], in_hand=None, looks=1))
            name = None
        if name is None and not _empty(state):
            found = held_object(Observation(state, pose_world_tool, self.objects(), self.regions))
            if found is not None and found != UNSEEN:
                seen = self.objects()[found]
                seat = seat_in_hand(self.models[found], pose_world_tool.inverse() @ seen.pose_world)
                self._put(found, replace(self.tracks[found], in_hand=seat, looks=1))
                name = found
        if name is not None:
            track = self.tracks[name]
            assert track.in_hand is not None
            here = pose_world_tool @ track.in_hand
            self._put(name, replace(track, estimate=here, pose_world=here, seen_tick=state.tick))

    def see(self, views: Sequence[View], tick: int, pose_world_tool: Pose | None = None) -> None:
        """Take over one look of all cameras. ``pose_world_tool``: where the hand was at that moment."""
        for name, model in self.models.items():
            showing = [v for v in views if name in v.names]
            seen = [v.measured(name, PIXELS) for v in showing]
            points = np.concatenate([p for p, _ in seen] or [np.zeros((0, 3))])
            noise = np.concatenate([n for _, n in seen] or [np.zeros(0)])
            points, noise = own_points(points, noise, model)
            found = self._measure(model, points, noise, views, pose_world_tool)
            track = self.tracks.get(name)
            if found is None:
                if track is not None and track.in_hand is None:
                    self._unseen(name, track, views)
            elif track is None:
                self._put(name, _fresh(found, tick))
            elif track.in_hand is not None:
                if pose_world_tool is not None:
                    self._put(name, _in_hand(track, found, model, tick, pose_world_tool))
            else:
                self._put(name, _fused(track, found, model, tick))

    def _put(self, name: str, track: Track) -> None:
        self.tracks[name] = track
        self._reported = None

    def _measure(
        self, model: ObjectModel, points: Array, noise: Array, views: Sequence[View], pose_world_tool: Pose | None
    ) -> Fit | None:
        """A pose that can be believed, None when too little of it is seen."""
        track = self.tracks.get(model.name)
        floor = self._floor(points)
        if track is not None:
            again = fit_near(points, model, track.estimate, views, floor, noise)
            if again is not None and track.in_hand is None and track.noise > BETTER * again.noise:
                anew = fit(points, model, views, floor, noise)  # what it was taken for from far off may mislead
                return min((f for f in (again, anew) if f is not None), key=lambda f: f.cost)
            if again is None or (again.residual < POOR / 2 and again.sight.missing < 0.25):
                return again
            if track.in_hand is not None:
                if pose_world_tool is None:
                    return None
                grip = np.asarray(pose_world_tool.position), pose_world_tool.rotation()[:, 1]
                swung = fit_near(points, model, track.estimate, views, None, noise, grip)
                return swung if swung is not None and swung.cost < min(POOR, again.cost) else None
        found = fit(points, model, views, floor, noise)
        if found is None or found.residual > POOR or found.visible < SLIGHT or found.sight.missing > GONE:
            return None
        return found

    def _floor(self, points: Array) -> float | None:
        """Height of the furniture under some points."""
        if not len(points):
            return None
        x, y = (float(v) for v in np.median(points[:, :2], axis=0))
        low = float(np.percentile(points[:, 2], 3))
        under = [r.surface for r in self.regions.values() if r.contains(x, y, 0.15) and r.surface < low + 0.02]
        return max(under, default=None)

    def _unseen(self, name: str, track: Track, views: Sequence[View]) -> None:
        sight = NO_SIGHT
        for view in views:
            sight = sight + view.sight(self.models[name], track.pose_world)
        if sight.tested - sight.hidden < OPEN_SAMPLES or sight.missing < GONE:
            return
        if track.doubts or sight.missing > CLEAR_CASE:
            self.forget(name)
        else:
            self._put(name, replace(track, doubts=1))


def _empty(state: RobotState) -> bool:
    return state.holding is False


def _fresh(found: Fit, tick: int) -> Track:
    return Track(
        found.pose_world, found.pose_world, tick, 1, found.visible, found.residual, noise=found.noise, slack=found.slack
    )


def _fused(track: Track, found: Fit, model: ObjectModel, tick: int) -> Track:
    """A new sighting of a thing that lies free: averaged when it agrees, else taken as it is."""
    pose = nearest_reading(model, found.pose_world, track.estimate)
    off = math.dist(track.estimate.position, pose.position)
    if off > GATE + 2 * found.spread + found.noise / 2 or turn_between(track.estimate, pose) > TURN_GATE:
        moved = found.visible > SLIGHT and found.residual < POOR
        return _fresh(replace(found, pose_world=pose), tick) if moved else replace(track, seen_tick=tick)
    weight = (track.noise / found.noise) ** 2  # of the new sighting in the mean: nearer looks are less noisy
    gain = max(weight / (track.looks + weight), LEAST_GAIN * min(1.0, weight))
    gain *= min(1.0, (found.visible + 0.1) / (track.visible + 0.1))
    estimate = between(track.estimate, pose, gain)
    stays = (
        math.dist(estimate.position, track.pose_world.position) < STICK
        and turn_between(estimate, track.pose_world) < STICK_TURN
    )
    reported = track.pose_world if stays and track.looks > 1 else estimate
    noise = track.noise + gain * (found.noise - track.noise)
    slack = min(track.slack, found.slack)
    return Track(estimate, reported, tick, track.looks + 1, found.visible, found.residual, noise=noise, slack=slack)


def _in_hand(track: Track, found: Fit, model: ObjectModel, tick: int, pose_world_tool: Pose) -> Track:
    """A sighting of what the fingers hold: corrects where it sits between them."""
    if found.visible < IN_HAND_VISIBLE:
        return track
    pose = nearest_reading(model, found.pose_world, track.estimate)
    off = math.dist(track.estimate.position, pose.position)
    swung = off > GATE + 2 * found.spread + found.noise / 2 or turn_between(track.estimate, pose) > TURN_GATE
    here = pose if swung else between(track.estimate, pose, LEAST_GAIN)
    seat = seat_in_hand(model, pose_world_tool.inverse() @ here)
    here = pose_world_tool @ seat
    return replace(
        track,
        estimate=here,
        pose_world=here,
        in_hand=seat,
        seen_tick=tick,
        visible=found.visible,
        residual=found.residual,
        looks=track.looks + 1,
    )
