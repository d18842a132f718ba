"""The report: one HTML file that holds everything it shows and asks nothing of any network, and a Markdown table.

Episodes are read once, line by line. Each leaves a short row for the list and its story, packed (gzip, base64) with
its neighbours and unpacked by the page when somebody opens it. Words from outside reach the page in two ways only:
escaped by the template, or inside those packs, which the page turns into text nodes. A content security policy with
the digests of the page's own script and style forbids everything else.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from planner.episode_file import EpisodeError
from planner.evaluate.report_facts import Facts, planner_notes, read_config
from planner.evaluate.report_pictures import choose, film
from planner.evaluate.report_rows import OUTCOMES, Row, detail_of, row_of
from planner.evaluate.report_source import MANY, Lines, find_episodes
from planner.evaluate.report_tables import Tables
from planner.evaluate.report_view import view_of

TEMPLATES = Path(__file__).parent / "templates"
TOGETHER = 50  # stories in one pack
HTML, MARKDOWN = "report.html", "report.md"

Progress = Callable[[str, int, int], None]  # what, done, in all (0: not known)


@dataclass
class Written:
    """What came of it. ``notes``: what a person should know."""

    html: Path
    markdown: Path
    episodes: int
    filmed: int
    notes: list[str] = field(default_factory=list)


@dataclass
class _Book:
    """Everything that one pass over the episodes leaves behind."""

    tables: Tables = field(default_factory=Tables)
    facts: Facts = field(default_factory=Facts)
    rows: list[tuple[int, Row]] = field(default_factory=list)  # (line number, row)
    packs: list[str] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)


def write_report(place: Path, out: Path | None = None, videos: int = 0, progress: Progress | None = None) -> Written:
    """Report on the episodes at ``place``. ``out``: the HTML file (default: report.html beside the episodes; the
    Markdown table lies next to it); ``videos``: how many episodes to carry out again and film, failures first.

    Raises EpisodeError when there is nothing to report on, naming file and line, and when the file cannot be written.
    """
    tell = progress or (lambda what, done, total: None)
    file = find_episodes(place)
    html = out if out is not None else file.parent / HTML
    if html.is_dir() or html.suffix.lower() not in (".html", ".htm"):
        raise EpisodeError(f"--out names the HTML file to write, such as {html / HTML}")
    lines = Lines(file)
    book = _read(lines, tell)
    if not book.rows:
        raise EpisodeError(f"{file} holds no episode yet; write some with: groundplan evaluate --out DIR")
    media, notes = _film(file, book, videos, tell)
    summary = read_config(file.parent) if file.name == MANY else {}
    if lines.cut is not None:
        notes.append(f"line {lines.cut} of {file.name} was cut off by a crash and is left out")
    planners = planner_notes(book.tables.planners, summary)
    view = view_of(book.tables, book.facts, book.outcomes, summary, planners, notes)
    view["source"] = {"file": file.name, "line": len(book.rows) > 1}
    html.parent.mkdir(parents=True, exist_ok=True)
    markdown = html.with_suffix(".md")
    _put(html, _page(view, book, media))
    _put(markdown, _render("report.md.j2", view))
    return Written(html, markdown, len(book.rows), len(media), notes)


def _read(lines: Lines, tell: Progress) -> _Book:
    book, stories = _Book(), list[Any]()
    for number, line in lines:
        try:
            row, story = row_of(line), detail_of(line)
            book.facts.add(line)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise EpisodeError(
                f"{lines.file}:{number}: not a whole episode ({type(error).__name__}: {error})"
            ) from None
        book.rows.append((number, row))
        book.tables.add(row)
        book.outcomes[row.outcome] += 1
        stories.append(story)
        if len(stories) == TOGETHER:
            book.packs.append(pack(stories))
            stories = []
        if number % 200 == 0:
            tell("reading", number, 0)
    if stories:
        book.packs.append(pack(stories))
    return book


def _film(file: Path, book: _Book, count: int, tell: Progress) -> tuple[dict[int, str], list[str]]:
    """Packs of pictures by the number of the row; what could not be filmed, as notes."""
    if count < 1:
        return {}, []
    wanted = choose(list(enumerate(row for _, row in book.rows)), count)
    places = {book.rows[i][0]: i for i in wanted}
    media: dict[int, str] = {}
    notes = []
    for number, line in Lines(file):
        if number not in places:
            continue
        tell("filming", len(media), len(wanted))
        try:
            media[places[number]] = pack(film(line).to_json())
        except (EpisodeError, ValueError, RuntimeError, OSError) as error:
            notes.append(f"no pictures of line {number}: {' '.join(str(error).split())}")
    return media, notes


def pack(data: Any) -> str:
    """Plain data as base64 of gzip of JSON; equal data give equal text."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return base64.b64encode(gzip.compress(text.encode(), compresslevel=6, mtime=0)).decode()


def index_of(rows: list[tuple[int, Row]], media: Mapping[int, str]) -> dict[str, Any]:
    """The list's data: names once, rows of numbers into them."""
    names: dict[str, dict[str, int]] = {k: {} for k in ("planner", "suite", "family", "outcome", "blame", "status")}
    names["outcome"] = {name: i for i, name in enumerate(OUTCOMES)}

    def number(kind: str, name: str) -> int:
        return names[kind].setdefault(name, len(names[kind]))

    table = []
    for i, (line, row) in enumerate(rows):
        cause = row.cause
        table.append(
            [
                line,
                number("planner", row.planner),
                number("suite", row.suite),
                number("family", row.family),
                number("outcome", row.outcome),
                -1 if cause is None else number("blame", cause["blame"]),
                number("status", row.status),
                row.task,
                row.seed,
                row.instruction,
                "" if cause is None else f"{cause['kind']}: {cause['detail']}",
                int(i in media),
            ]
        )
    return {"together": TOGETHER, "rows": table, **{k: list(v) for k, v in names.items()}}


def _page(view: Mapping[str, Any], book: _Book, media: Mapping[int, str]) -> str:
    from markupsafe import Markup

    script, style = (TEMPLATES / "report.js").read_text("utf-8"), (TEMPLATES / "report.css").read_text("utf-8")
    packs = [("index", pack(index_of(book.rows, media)))]
    packs += [(f"stories-{i}", p) for i, p in enumerate(book.packs)]
    packs += [(f"media-{i}", p) for i, p in sorted(media.items())]
    policy = (
        f"default-src 'none'; script-src 'sha256-{_digest(script)}'; style-src 'sha256-{_digest(style)}'; "
        "img-src data:; media-src data: blob:; base-uri 'none'; form-action 'none'"
    )
    own = {"script": Markup(script), "style": Markup(style), "policy": policy, "packs": packs}
    return _render("report.html.j2", {**view, **own})


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _render(template: str, view: Mapping[str, Any]) -> str:
    import jinja2

    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=template.endswith(".html.j2"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return made.get_template(template).render(view)


def _put(path: Path, text: str) -> None:
    """The whole file or none of it."""
    beside = path.with_name(path.name + ".part")
    try:
        beside.write_text(text, encoding="utf-8")
        os.replace(beside, path)
    except OSError as error:
        raise EpisodeError(f"cannot write {path}: {error.strerror or error}; choose another --out") from error
