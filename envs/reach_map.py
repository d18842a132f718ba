"""The reach of a robot as a picture: the scene from above, a dot for every point that was looked at."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from envs.reach import SIDE, TOP
from envs.robot_check import RobotCheck

SCALE = 190  # pixels per metre
EDGE = 0.25  # [m] around everything
COLOURS = {
    (TOP, SIDE): ("#2f8f4e", "from above and from the side"),
    (TOP,): ("#8fc98a", "from above"),
    (SIDE,): ("#e3b23c", "from the side"),
    (): ("#c8452f", "not at all"),
}
PAPER, FURNITURE, PIECE, LINE, INK = "#fbfaf7", "#e4dfd6", "#cbbfae", "#b5ada0", "#2b2b2b"


def draw_reach(check: RobotCheck) -> Image.Image:
    """Furniture, places, points and where the robot stands; raises ValueError for a robot that does not fit."""
    if check.plan is None:
        raise ValueError(f"no map of a robot that does not fit: {check.problem}")
    foot = check.plan.foot
    dots = [p.point[:2] for place in check.places for p in place.points]
    outlines = [(r.low, r.high) for r in check.plan.regions]
    corners = np.array([*dots, *(c for o in outlines for c in o), foot.position[:2]])
    low, high = corners.min(axis=0) - EDGE, corners.max(axis=0) + EDGE
    width, height = (int(v) for v in (high - low) * SCALE)
    words = 24 * (len(COLOURS) + 1) + 12
    picture = Image.new("RGB", (max(width, 330), height + words), PAPER)
    pen = ImageDraw.Draw(picture)

    def at(x: float, y: float) -> tuple[float, float]:
        return (x - low[0]) * SCALE, (high[1] - y) * SCALE

    for f in check.plan.fixtures:
        (x, y, _), (sx, sy, _) = f.pose_world.position, f.size
        a, b = at(x - sx / 2, y + sy / 2), at(x + sx / 2, y - sy / 2)
        box = [*np.clip(a, 0, (width, height)), *np.clip(b, 0, (width, height))]
        if box[2] > box[0] and box[3] > box[1]:
            pen.rectangle(box, fill=FURNITURE, outline=LINE)
    for corners in check.plan.pieces:
        pen.polygon([at(float(x), float(y)) for x, y in corners], fill=PIECE, outline=LINE)
    for a, b in outlines:
        pen.rectangle([*at(a[0], b[1]), *at(b[0], a[1])], outline=LINE)
    for place in check.places:
        for p in place.points:
            x, y = at(*p.point[:2])
            pen.ellipse([x - 5, y - 5, x + 5, y + 5], fill=COLOURS[p.ways][0])
    x, y = at(*foot.position[:2])
    pen.ellipse([x - 12, y - 12, x + 12, y + 12], outline=INK, width=3)
    ahead = np.array([np.cos(foot.yaw), -np.sin(foot.yaw)]) * 26
    pen.line([x, y, x + ahead[0], y + ahead[1]], fill=INK, width=3)
    pen.text((10, height + 4), f"{check.robot} in {check.scene}: where the hand gets", fill=INK)
    for i, (colour, said) in enumerate(COLOURS.values()):
        top = height + 26 + 24 * i
        pen.ellipse([12, top, 24, top + 12], fill=colour)
        pen.text((34, top), said, fill=INK)
    return picture


def save_reach(check: RobotCheck, path: Path) -> None:
    """Write the picture; its kind by the file's ending."""
    draw_reach(check).save(path)
