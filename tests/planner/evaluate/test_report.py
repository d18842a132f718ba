from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser

import pytest

from planner.cli.main import main
from planner.episode_file import EpisodeError
from planner.evaluate.report import TOGETHER, write_report
from stored import like

HOSTILE = "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Page(HTMLParser):
    """What a browser would make of it: elements with attributes, text of scripts by id."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.scripts, self._script = [], {}, None
        self.words = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._script = dict(attrs).get("id", "own") if tag == "script" else None
        if self._script is not None:
            self.scripts.setdefault(self._script, "")

    def handle_endtag(self, tag):
        self._script = None

    def handle_data(self, data):
        if self._script is not None:
            self.scripts[self._script] += data
        else:
            self.words.append(data)

    def data(self, name):
        return json.loads(gzip.decompress(base64.b64decode(self.scripts[name])))


def page_of(folder, **more):
    written = write_report(folder, **more)
    return Page(written.html.read_text("utf-8")), written


def test_two_planners_on_a_few_episodes(store, arms):
    page, written = page_of(store(arms))
    assert written.episodes == 6
    assert written.html.name == "report.html"
    text = " ".join(" ".join(page.words).split())
    assert "2 planners, 1 suite, 6 episodes" in text
    for said in ("100 %", "44–100 %", "3 of 3", "67 %", "21–94 %", "2 of 3", "oracle (poses from the simulator)"):
        assert said in text
    assert "0 to 2 (3)" in text  # seeds
    assert "c0ffee" in text  # commit
    assert "A real robot:" in text  # what was not tested
    assert "+33" in text  # good minus poor, in points


def test_the_list_has_what_its_filters_need(store, arms):
    page, _ = page_of(store(arms))
    index = page.data("index")
    assert index["planner"] == ["good", "poor"]
    assert index["suite"] == ["small"]
    assert index["family"] == ["bowls"]
    assert len(index["rows"]) == 6
    by = [
        dict(zip(("line", "planner", "suite", "family", "outcome", "blame", "status"), r, strict=False))
        for r in index["rows"]
    ]
    wrong = [r for r in by if index["outcome"][r["outcome"]] == "false success"]
    assert [(r["line"], index["planner"][r["planner"]], index["blame"][r["blame"]]) for r in wrong] == [
        (4, "poor", "LM")
    ]
    assert all(r["blame"] == -1 for r in by if r not in wrong)
    story = page.data("stories-0")[3]
    assert story["untrue"] == ["in(red block, blue bowl)"]
    controls = {a.get("name") for tag, a in page.elements if tag in ("select", "input")}
    assert {"planner", "suite", "family", "outcome", "blame", "text"} <= controls


def test_many_stories_are_packed_in_order(store, real_lines):
    lines = [like(real_lines.right, seed=s) for s in range(2 * TOGETHER + 1)]
    for line in lines:
        line["digest"] = f"{line['seed']:064x}"
    page, _ = page_of(store(lines))
    packs = sorted((n for n in page.scripts if n.startswith("stories-")), key=lambda n: int(n.split("-")[1]))
    assert [len(page.data(p)) for p in packs] == [TOGETHER, TOGETHER, 1]
    digests = [s["digest"] for p in packs for s in page.data(p)]
    assert digests == [line["digest"][:16] for line in lines]


def hostile_lines(real_lines):
    line = like(real_lines.wrong, instruction=HOSTILE, planner=HOSTILE, suite=HOSTILE, family=HOSTILE, task=HOSTILE)
    line["failure"] = line["failure"] | {"detail": HOSTILE}
    line["verdict"] = line["verdict"] | {"reason": HOSTILE}
    return [line, like(real_lines.right, planner="good|\n# x")]


def test_hostile_words_stay_words(store, real_lines):
    page, written = page_of(store(hostile_lines(real_lines)))
    own = [a for tag, a in page.elements if tag == "script" and a.get("type") != "text/plain"]
    assert own == [{}]
    assert not [tag for tag, _ in page.elements if tag == "img"]
    assert not [a for _, a in page.elements for name in a if name.startswith("on")]
    assert page.data("index")["rows"][0][9] == HOSTILE
    markdown = written.markdown.read_text("utf-8")
    assert "<img" not in markdown
    assert "<script" not in markdown
    assert "good\\| # x" in markdown


def test_the_page_may_run_its_own_script_alone_and_reach_no_network(store, arms):
    page, written = page_of(store(arms))
    policy = next(
        a["content"] for tag, a in page.elements if tag == "meta" and "content" in a and "default-src" in a["content"]
    )
    digest = base64.b64encode(hashlib.sha256(page.scripts["own"].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    for tag, attributes in page.elements:
        assert not any(name in ("src", "href") and not value.startswith("#") for name, value in attributes.items()), tag
    assert "http" not in re.sub(r"http-equiv|http://www\.w3\.org/2000/svg", "", written.html.read_text("utf-8"))


def test_equal_episodes_make_equal_pages(store, arms):
    folder = store(arms)
    first = write_report(folder).html.read_bytes()
    assert write_report(folder).html.read_bytes() == first


def test_the_markdown_table(store, arms):
    _, written = page_of(store(arms))
    text = written.markdown.read_text("utf-8")
    assert "| | good | poor |\n|---|---|---|\n" in text
    assert "| Execution success | 100 % (44–100 %, 3 of 3) | 67 % (21–94 %, 2 of 3) |\n" in text
    assert (
        "| small | good | poor | 3 | 100 % (44–100 %, 3 of 3) | 67 % (21–94 %, 2 of 3) | +33 | 1 | 0 | 1.000 |\n"
        in text
    )
    assert "| bowls | 100 % (44–100 %, 3 of 3) | 67 % (21–94 %, 2 of 3) |\n" in text
    assert "| poor | 1 | 3 | 1 | 0 | 0 | 0 | 0 | 0 |\n" in text
    assert "\n\n\n\n" not in text


def test_what_was_thought_about_only_is_said_so(store, real_lines):
    page, _ = page_of(store([real_lines.asked]))
    text = " ".join(" ".join(page.words).split())
    assert "plans only: judged symbolically, nothing moved" in text
    assert "Asked before moving" in text


def test_a_cut_line_is_mentioned_and_an_unfinished_evaluation_too(store, arms):
    folder = store(arms)
    file = folder / "episodes.jsonl"
    file.write_bytes(file.read_bytes()[:-9])
    (folder / "summary.json").write_text(json.dumps({"episodes": {"stored": 5, "wanted": 6}}))
    page, written = page_of(folder)
    assert written.notes == ["line 6 of episodes.jsonl was cut off by a crash and is left out"]
    assert "5 of 6 episodes are stored so far" in " ".join(page.words)


def test_files_that_cannot_be_reported_on(store, tmp_path, real_lines):
    empty = store([])
    with pytest.raises(EpisodeError, match="holds no episode yet"):
        write_report(empty)
    lacking = {k: v for k, v in real_lines.right.items() if k != "verdict"}
    with pytest.raises(EpisodeError, match=r"episodes.jsonl:1: not a whole episode \(KeyError: 'verdict'\)"):
        write_report(store([lacking], "lacking"))
    with pytest.raises(EpisodeError, match=r"--out names the HTML file"):
        write_report(store([real_lines.right], "good"), tmp_path / "somewhere")


def test_the_command_and_its_errors(store, arms, tmp_path, capsys):
    folder = store(arms)
    assert main(["report", str(folder), "--out", str(tmp_path / "page.html"), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["episodes"] == 6
    assert said["markdown"] == str(tmp_path / "page.md")
    assert main(["report", str(tmp_path / "nowhere")]) == 2
    error = capsys.readouterr().err
    assert error.startswith("groundplan: error: no folder")
    assert len(error.splitlines()) == 1
    assert main(["report", str(folder), "--videos", "many"]) == 2
    assert "0 to 500" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
def test_a_browser_shows_the_list_and_runs_nothing_hostile(store, real_lines, tmp_path):
    written = write_report(store(hostile_lines(real_lines)))
    words = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    words += "--disable-component-update --disable-sync --virtual-time-budget=5000 --dump-dom"
    where = [f"--user-data-dir={tmp_path / 'browser'}", f"{written.html.as_uri()}#line-1"]
    done = subprocess.run([CHROMIUM, *words.split(), *where], capture_output=True, text=True, timeout=60, check=True)
    page = Page(done.stdout)
    assert "owned" not in done.stdout[done.stdout.index("<title>") : done.stdout.index("</title>")]
    text = " ".join(page.words)
    assert "2 episodes of 2; success 50 %" in text
    assert HOSTILE in text  # shown, as words
    assert "holding(green block)" in text  # the story of line 1 is open
    assert not [tag for tag, _ in page.elements if tag == "img"]
