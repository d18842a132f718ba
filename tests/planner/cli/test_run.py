from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from planner.cli import exits
from planner.episode_file import line_of, read_episodes, without_wall
from planner.plan import Ask, Refuse
from planner.propose.scripted import ScriptedGrounder, ScriptedProposer
from skills.failure import Failure, FailureKind
from skills.types import Mode
from stories import GOAL, STEPS

WORDS = "put the red block in the blue bowl"
FAKE = ("--driver", "fake", "--out", "out")


def test_a_run_shows_everything_and_leaves_its_record(say, mind, tmp_path):
    done = say("run", WORDS, *FAKE)
    assert done.code == exits.REACHED
    assert done.err == ""
    page = " ".join(done.out.split())
    for words in (
        WORDS,
        "tabletop",
        "fake perception",
        "Sees",
        "red block at the",
        "Thinks",
        "LM affordance combined verdict",
        "chosen",
        "Decides goal: in(red block, blue bowl)",
        "1 pick(red block) affordance now",
        "✓ holding(red block)",
        "2 place_in(red block, blue bowl)",
        "✓ in(red block, blue bowl)",
        "measured twice",
        "goal reached",
        "out/episode.jsonl",
    ):
        assert words in page
    assert "\x1b" not in done.out  # piped: no colour
    (episode,) = read_episodes(tmp_path / "out" / "episode.jsonl")
    assert episode["verdict"]["status"] == "reached"
    assert episode["seed"] == 0
    assert episode["scene"] == "tabletop"
    assert episode["driver"] == "fake"
    assert episode["task_data"]["instruction"] == WORDS
    assert episode["settings"]["budget"]["attempts"] == 6
    assert set(episode["code"]) == {"version", "commit", "changed"}


def test_the_same_command_twice_leaves_the_same_bytes(say, mind, tmp_path):
    lines = []
    for _ in range(2):
        mind()
        assert say("run", WORDS, *FAKE, "--seed", "5").code == exits.REACHED
        (episode,) = read_episodes(tmp_path / "out" / "episode.jsonl")
        lines.append(line_of(without_wall(episode)))
    assert lines[0] == lines[1]


def test_json_goes_to_stdout_and_the_page_to_stderr(say, mind):
    done = say("run", WORDS, *FAKE, "--json")
    answer = json.loads(done.out)
    assert done.out.count("\n") == 1
    assert answer["status"] == "reached"
    assert answer["exit"] == done.code == exits.REACHED
    assert answer["goal"] == {"any": [[GOAL[0]]]}
    assert answer["files"]["episode"] == "out/episode.jsonl"
    assert "goal reached" in done.err


def test_quiet_is_the_verdict_alone(say, mind):
    done = say("run", WORDS, *FAKE, "--quiet")
    assert done.out.split("\n")[1:-1] == ["● goal reached  the goal was measured true"]


def test_without_out_the_folder_has_a_name_that_says_what_ran(say, mind, tmp_path):
    assert say("run", WORDS, "--driver", "fake", "--seed", "2").code == exits.REACHED
    (folder,) = (tmp_path / "runs").iterdir()
    assert folder.name == "tabletop-put-the-red-block-in-the-blue-bowl-s2"


def test_a_goal_not_reached_is_code_one_with_the_reason(say, mind):
    mind(ScriptedProposer.of(("pick(red block)",), ("holding(red block)",)))
    done = say("run", WORDS, *FAKE, "--set", "budget.ticks=50", "--set", "budget.attempts=1")
    assert done.code == exits.NOT_REACHED
    assert "goal not reached" in done.out
    assert "still untrue: holding(red block)" in done.out


def test_a_refusal_is_code_three_with_the_reason(say, mind):
    failure = Failure(FailureKind.UNKNOWN_OBJECT, "no object 'sponge'; present: red block, blue bowl")
    mind(grounder=ScriptedGrounder([Refuse(failure)]))
    done = say("run", "fetch me the sponge", *FAKE)
    assert done.code == exits.ASKED_OR_REFUSED
    assert "refused  no object 'sponge'; present: red block, blue bowl" in done.out


def test_a_question_is_printed_and_is_code_three_when_nobody_is_there(say, mind):
    mind(grounder=ScriptedGrounder([Ask("Which block?", ("red block", "green block"))]))
    done = say("run", "put the block in the bowl", *FAKE)
    assert done.code == exits.ASKED_OR_REFUSED
    assert "Which block?" in done.out
    assert "green block" in done.out


def test_a_task_file_brings_scene_objects_and_goal(say, mind, tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(
        "suite: mine\ntasks:\n"
        "  - {id: a, instruction: 'x', scene: tabletop, start: {objects: [{name: red block}, {name: blue bowl}]},\n"
        f"     goal: {{any: [['{GOAL[0]}']]}}}}\n"
        "  - {id: b, instruction: 'y', scene: tabletop, start: {objects: [{name: red block}, {name: blue bowl}]},\n"
        f"     goal: {{any: [['{GOAL[0]}']]}}}}\n"
    )
    proposer = ScriptedProposer.of(STEPS)
    mind(proposer)
    done = say("run", "--task", str(file), "--id", "b", "--goal", "task", *FAKE)
    assert done.code == exits.REACHED
    assert proposer.requests[0].goal is not None
    (episode,) = read_episodes(tmp_path / "out" / "episode.jsonl")
    assert (episode["suite"], episode["task"]) == ("mine", "b")
    assert "choose one with --id: a, b" in say("run", "--task", str(file), *FAKE).error
    assert "no task with id 'c'" in say("run", "--task", str(file), "--id", "c", *FAKE).error


def test_objects_can_be_chosen(say, mind, tmp_path):
    assert say("run", WORDS, *FAKE, "--objects", "red block, blue bowl,  rubber duck").code == exits.REACHED
    (episode,) = read_episodes(tmp_path / "out" / "episode.jsonl")
    assert sorted(episode["attempts"][0]["seen"]["objects"]) == ["blue bowl", "red block", "rubber duck"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "say what to do"),
        ([""], "the instruction is empty"),
        (["   "], "the instruction is empty"),
        (["x" * 10_000], "10000 characters"),
        (["x", "--scene", "tabletpo"], "did you mean 'tabletop'"),
        (["x", "--scene", "none/such.yaml"], "none/such.yaml"),
        (["x", "--task", "none.yaml"], "exclude each other"),
        (["x", "--id", "a"], "add --task FILE"),
        (["x", "--goal", "task"], "add --task FILE"),
        (["x", "--objects", "a,,b"], "--objects wants names between commas"),
        (["x", "--objects", "a(b"], "must not hold commas, brackets"),
        (["x", "--objects", "a, a"], "two objects are called 'a'"),
        (["x", "--set", "budget.atempts=1"], "did you mean 'budget.attempts'"),
        (["x", "--config", "none.yaml"], "none.yaml"),
        (["x", "--perception", "orcale"], "did you mean 'oracle'"),
        (["x", "--driver", "no-such-robot"], "no-such-robot"),
        (["x", "--driver", "skills.drivers.fake:Nothing"], "has no 'Nothing'"),
        (["x", "--driver", "skills.types:Pose"], "which is no skills.driver:RobotDriver"),
        (["x", "--driver", "skills.drivers.fake:FakeDriver"], "embody(regions)"),
    ],
)
def test_bad_input_is_one_line_that_helps_and_leaves_nothing_running(say, mind, words, says):
    done = say("run", *words)
    assert done.code == exits.USAGE
    assert says in done.error
    assert done.out == ""


def test_a_folder_that_cannot_be_written_is_found_before_anything_runs(say, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr("planner.session.open_mind", lambda *a, **k: pytest.fail("something ran"))
    done = say("run", WORDS, "--driver", "fake", "--out", "file/out")
    assert done.code == exits.USAGE
    assert "cannot write to --out file/out" in done.error
    if os.geteuid() != 0:  # the administrator may write anywhere
        (tmp_path / "locked").mkdir(mode=0o500)
        assert "Permission denied" in say("run", WORDS, "--driver", "fake", "--out", "locked/out").error


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "broken.gguf"),
        (b"GGUF\x03\x00\x00\x00 and then nothing", "broken.gguf"),
        (b"\x80\x04\x95cos\nsystem\n", "broken.gguf"),
    ],
)
def test_broken_weights_are_one_line(say, tmp_path, content, says):
    (tmp_path / "broken.gguf").write_bytes(content)
    done = say("run", WORDS, *FAKE, "--model", "broken.gguf")
    assert done.code == exits.USAGE
    assert says in done.error


def test_any_script_and_any_sign_may_be_said(say, mind, tmp_path):
    words = "把红色方块放进蓝碗 🙂 [bold]x[/bold]"
    done = say("run", words, "--driver", "fake")
    assert done.code == exits.REACHED
    assert words in done.out
    (folder,) = (tmp_path / "runs").iterdir()
    assert folder.name.isascii()


def test_a_lost_robot_is_code_four(say, mind, monkeypatch):
    from skills.drivers.fake import FakeDriver

    wait, count = FakeDriver.wait, [0]

    def unplugged(self, ticks=1):
        count[0] += 1
        if count[0] == 100:
            self.enter(Mode.EMERGENCY)
        wait(self, ticks)

    monkeypatch.setattr(FakeDriver, "wait", unplugged)
    done = say("run", WORDS, *FAKE)
    assert done.code == exits.DRIVER
    assert "driver trouble" in done.out


@pytest.mark.slow
def test_the_simulator_leaves_pictures_and_a_verdict_of_the_judge(say, mind, tmp_path):
    done = say("run", WORDS, "--out", "out", "--set", "video.width=160", "--set", "video.height=120",
               "--set", "video.speed=4", "--objects", "red block, blue bowl")  # fmt: skip
    assert done.code == exits.REACHED
    assert "the judge, who sees the ground truth, agrees" in done.out
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "end.png",
        "episode.jsonl",
        "start.png",
        "video.mp4",
    ]
    assert (tmp_path / "out" / "video.mp4").stat().st_size > 1000
    (episode,) = read_episodes(tmp_path / "out" / "episode.jsonl")
    assert episode["judge"]["success"] is True
    assert episode["files"] == {"start": "start.png", "end": "end.png", "video": "video.mp4"}
    again = say("replay", "out")
    assert again.code == exits.REACHED, again.out
    assert "equal to the bit over 2 steps" in again.out


CHILD = """
import sys
from stories import GOAL, STEPS, scripted_mind
from planner import session
from planner.cli.main import main
from planner.propose.scripted import ScriptedProposer
from skills.drivers.fake import FakeDriver
import time
session.open_mind = lambda *args: scripted_mind(ScriptedProposer.of(STEPS, GOAL))
wait = FakeDriver.wait
FakeDriver.wait = lambda self, ticks=1: (time.sleep(0.01), wait(self, ticks))[1]
stop = FakeDriver.stop
FakeDriver.stop = lambda self: (print("STOPPED", flush=True), stop(self))[1]
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_in_the_middle_of_a_motion_stops_the_robot_and_keeps_the_episode(tmp_path, sign):
    """The child moves slowly; when its first step has begun it is told to stop, as by Ctrl-C."""
    paths = os.pathsep.join(p for p in sys.path if p)
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, "run", WORDS, *FAKE],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": paths, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert child.stdout is not None
        seen = ""
        while "affordance now" not in seen:
            line = child.stdout.readline()
            assert line, seen
            seen += line
        time.sleep(0.2)
        child.send_signal(sign)
        out, err = child.communicate(timeout=30)
    finally:
        child.kill()
    assert child.returncode == exits.NOT_REACHED
    assert "STOPPED" in out
    assert "interrupted" in out
    assert "Traceback" not in err
    (episode,) = read_episodes(tmp_path / "out" / "episode.jsonl")
    assert episode["verdict"]["status"] == "interrupted"
    assert episode["attempts"]
