from __future__ import annotations

import io

import pytest
from rich.console import Console

from planner import loop
from planner.cli.person import Person
from planner.cli.view import TerminalView
from planner.events import Decided, Replanned
from planner.plan import Ask, Grounded
from planner.propose.scripted import FirstFitGrounder, ScriptedGrounder, ScriptedProposer
from stories import GOAL, QUICK, STEPS, fake, parts, table


def page(encoding="utf-8", colour=False, width=100, **more):
    """A view and what it prints into."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, write_through=True)
    console = Console(file=stream, force_terminal=colour, width=width, highlight=False)
    return TerminalView(console, **more), lambda: raw.getvalue().decode(encoding)


def run(view, body=None, grounder=None, listeners=(), **more):
    made = parts(body or table(), ScriptedProposer.of(STEPS, GOAL), grounder, [view, *listeners], **more)
    return loop.run("put it in", made, budget=QUICK)


def test_a_terminal_without_unicode_gets_plain_letters():
    view, text = page("ascii")
    view.header("put it in", "tabletop", "seed 0")
    run(view)
    view.footer([("episode", "out/episode.jsonl")], ["a note"])
    said = text()
    assert "ok in(red block, blue bowl)" in said
    assert "* goal reached" in said
    assert "out/episode.jsonl" in said


def test_colour_adds_nothing_but_colour():
    import re

    plain_view, plain = page()
    run(plain_view)
    coloured_view, coloured = page(colour=True)
    run(coloured_view)
    bare = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\r|.*(thinking|moving)\x1b.*", "", coloured())
    for words in ("✓ in(red block, blue bowl)", "● goal reached", "Sees", "Decides"):
        assert words in bare
        assert words in plain()


def test_failures_and_replans_are_told_with_their_reason():
    body, (view, text) = table(), page()
    fake(body).world.slippery = frozenset({"red block"})

    def firm_again(event):
        if isinstance(event, Replanned):
            fake(body).world.slippery = frozenset()

    run(view, body, listeners=[firm_again])
    said = text()
    assert "✗" in said
    assert "Replans" in said
    assert said.index("✗") < said.index("Replans") < said.index("goal reached")


def test_a_person_answers_by_number_or_in_words(monkeypatch):
    fits = FirstFitGrounder()

    class Asking:
        def ground(self, request, proposals, body):
            if len(request.dialogue) < 2:
                return ScriptedGrounder([Ask("Which block?", ("red block", "green block"))]).ground(request, [], body)
            return fits.ground(request, proposals, body)

    said_by_person = iter(["2", "the left one"])
    view, text = page()
    monkeypatch.setattr(view.console, "input", lambda prompt: next(said_by_person))
    verdict = run(view, grounder=Asking(), ask=Person(view))
    assert verdict.status.value == "reached"
    said = text()
    assert said.count("Which block?") == 2  # once per question, not twice
    assert "answer: green block" in said
    assert "answer: the left one" in said


def test_a_person_who_leaves_answers_nothing(monkeypatch):
    view, text = page()

    def left(prompt):
        raise EOFError

    monkeypatch.setattr(view.console, "input", left)
    verdict = run(view, grounder=ScriptedGrounder([Ask("Which?")]), ask=Person(view))
    assert verdict.status.value == "asked"
    assert text().count("Which?") == 1
    assert "waiting for an answer" in text()


def test_names_with_markup_are_shown_as_they_are():
    view, text = page()
    view.header("[red]x[/red] [/]", "a")
    view.question("[b]?", ["[i]"])
    assert "[red]x[/red] [/]" in text()
    assert "[b]?" in text()
    assert "[i]" in text()


def test_quiet_prints_the_verdict_alone():
    view, text = page(quiet=True)
    run(view)
    assert text().strip() == "● goal reached  the goal was measured true"


def test_a_narrow_terminal_breaks_lines_and_nothing_else():
    view, text = page(width=40)
    run(view)
    assert "goal reached" in text()
    assert max(len(line) for line in text().splitlines()) <= 40


@pytest.mark.parametrize(
    ("sure", "says"), [(0.868, "to ask before moving, 87 % sure"), (None, "to ask before moving\n")]
)
def test_a_decision_says_how_sure_it_is(sure, says):
    view, text = page()
    view(Decided(Grounded(Ask("Which one?"), confidence=sure), 0.1))
    assert says in text()
