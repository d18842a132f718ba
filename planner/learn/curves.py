"""The course of a training run as an SVG picture, drawn by hand: loss above, held-out scores below."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from planner.learn.train import Progress

_WIDTH, _HEIGHT, _LEFT, _RIGHT = 760, 250, 60, 190
_COLOURS = ("#1b6ca8", "#c8553d", "#2f8f5b", "#8a5a9e", "#b8860b", "#555555")
Point = tuple[float, float]


def draw(path: Path, progress: Progress, measures: Sequence[str] = ("all", "set", "where", "decision")) -> None:
    """Write the picture. ``measures``: which held-out scores, one panel each."""
    panels = [_loss(progress)]
    splits = list(progress.scores[-1][1]) if progress.scores else []
    titles = {"all": "every answer of an example right", "set": "exactly the right things", "where": "where it goes"}
    for measure in measures:
        lines = {
            split: [
                (float(step), s[split][measure]["share"]) for step, s in progress.scores if measure in s.get(split, {})
            ]
            for split in splits
        }
        lines = {k.replace("_", " "): v for k, v in lines.items() if v}
        if lines:
            panels.append(_panel(f"{titles.get(measure, measure)} (share of held-out examples)", lines, 0.0, 1.0))
    body = "".join(f'<g transform="translate(0,{i * _HEIGHT})">{p}</g>' for i, p in enumerate(panels))
    style = "text{font:12px sans-serif;fill:#333}.t{font-weight:bold}.g{stroke:#ddd}.l{fill:none;stroke-width:1.6}"
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT * len(panels)}">'
        f'<style>{style}</style><rect width="100%" height="100%" fill="white"/>{body}</svg>\n',
        encoding="utf-8",
    )


def _loss(progress: Progress) -> str:
    rows = progress.losses
    width = max(1, len(rows) // 60)
    lines = {}
    for name, column in (("training loss", 1), ("nats per answer among its options", 2)):
        lines[name] = [
            (rows[i][0], sum(r[column] for r in rows[max(0, i - width + 1) : i + 1]) / min(width, i + 1))
            for i in range(0, len(rows), max(1, width // 2))
        ]
    highest = max((y for line in lines.values() for _, y in line), default=1.0)
    title = f"training: {progress.tokens / 1e6:.2f} million tokens, {progress.examples:,} examples"
    return _panel(title, lines, 0.0, min(highest, 3.0))


def _panel(title: str, lines: dict[str, list[Point]], low: float, high: float) -> str:
    top, bottom = 34, _HEIGHT - 36
    last = max((x for line in lines.values() for x, _ in line), default=1.0) or 1.0

    def at(x: float, y: float) -> str:
        share = min(1.0, max(0.0, (y - low) / ((high - low) or 1.0)))
        return f"{_LEFT + (_WIDTH - _LEFT - _RIGHT) * x / last:.1f},{bottom - (bottom - top) * share:.1f}"

    out = [f'<text class="t" x="{_LEFT}" y="20">{escape(title)}</text>']
    for i in range(6):
        value = low + (high - low) * i / 5
        y = bottom - (bottom - top) * i / 5
        out.append(f'<line class="g" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        out.append(f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value:.2g}</text>')
    for i in range(5):
        x = _LEFT + (_WIDTH - _LEFT - _RIGHT) * i / 4
        out.append(f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{last * i / 4:.0f}</text>')
    out.append(f'<text x="{_WIDTH - _RIGHT}" y="{bottom + 32}" text-anchor="end">step</text>')
    for i, (name, line) in enumerate(lines.items()):
        colour = _COLOURS[i % len(_COLOURS)]
        out.append(f'<polyline class="l" stroke="{colour}" points="{" ".join(at(x, y) for x, y in line)}"/>')
        y = top + 16 * i
        label = f"{name} {line[-1][1]:.2f}" if line else name
        out.append(f'<rect x="{_WIDTH - _RIGHT + 10}" y="{y - 8}" width="10" height="3" fill="{colour}"/>')
        out.append(f'<text x="{_WIDTH - _RIGHT + 24}" y="{y - 2}">{escape(label)}</text>')
    return "".join(out)
