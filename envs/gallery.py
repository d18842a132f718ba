"""Film strips of tasks that use every skill: run, judged by ground truth, drawn, and put on a page.

``python -m envs.gallery --docs docs`` writes docs/gallery.md and docs/images/gallery-*.jpg. The steps are given, by no
planner and no language model: these pictures are about the skills and the physics under them.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from envs.stage import StageSettings, build_stage
from envs.tasks import task_from_data
from envs.trials import came_true, do_step
from sim.strip import film_strip, write_strip
from skills.executor import expected_effects
from skills.failure import Failure
from skills.library import default_library

PAGE = """# Film strips

Written by `python -m envs.gallery` (at commit {commit}). Each strip is one run in physics, by contact and friction, and
is read like text; about equally much moves between two pictures, the last one is the end. The steps are given, not
planned; after each, ground truth says whether what it promises came true. Videos of the same: `--video FOLDER`.
"""


@dataclass(frozen=True)
class Story:
    """A run worth seeing. ``objects``: as in a task file; ``steps``: ground skills; ``at``: where the robot begins;
    ``heading`` [rad], ``distance`` [m]: of the camera."""

    name: str
    title: str
    objects: tuple[dict[str, Any], ...]
    steps: tuple[str, ...]
    at: str | None = "table"
    scene: str = "kitchen"
    seed: int = 3
    perception: str = "oracle"
    heading: float = 1.25
    distance: float = 1.15


def _things(*rows: str, **more: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    """Objects from "name @ place" and what else is said of them by name (spaces as underscores)."""
    out = []
    for row in rows:
        name, _, place = (part.strip() for part in row.partition("@"))
        out.append({"name": name, "at": place or None, **more.get(name.replace(" ", "_"), {})})
    return tuple(out)


STORIES = (
    Story(
        "fetch", "Bring me the coke", _things("coke can @ table", "pepsi can @ table", "apple @ table"),
        ("go_to(table)", "pick(coke can)", "go_to(user)", "hand_over(coke can, user)"), "user", distance=1.6,
    ),
    Story(
        "tower", "A tower of three", _things("red block", "green block", "blue block"),
        ("pick(green block)", "place_on(green block, red block)", "pick(blue block)",
         "place_on(blue block, green block)", "go_home()"),
        None, "tabletop", heading=2.2, distance=0.9,
    ),
    Story(
        "drawer", "The spoon goes into the drawer, which is shut", 
        _things("drawer @ far counter", "spoon @ far counter", drawer={"kind": "drawer"}),
        ("open(drawer)", "pick(spoon)", "place_in(spoon, drawer)", "close(drawer)"), "far counter",
    ),
    Story(
        "fridge", "What lies in the fridge is taken out, the milk goes in",
        _things("fridge @ close counter", "apple @ fridge", "milk carton @ close counter", fridge={"kind": "fridge"}),
        ("open(fridge)", "pick(apple)", "place_at(apple, close counter)", "pick(milk carton)",
         "place_in(milk carton, fridge)", "close(fridge)"),
        "close counter",
    ),
    Story(
        "cabinet", "The apple goes behind the door, what stood there comes out",
        _things("cabinet @ table", "soup can @ cabinet", "apple @ table", cabinet={"kind": "cabinet"}),
        ("open(cabinet)", "pick(soup can)", "place_at(soup can, table)", "pick(apple)", "place_in(apple, cabinet)",
         "close(cabinet)"),
    ),
    Story(
        "lidded-box", "Put the egg into the lidded box",
        _things("lidded box @ table", "egg @ table", lidded_box={"kind": "lidded box"}),
        ("open(lidded box)", "pick(egg)", "place_in(egg, lidded box)", "close(lidded box)"),
    ),
    Story(
        "lamp", "Light on, light off",
        _things("button @ far counter", "lamp @ far counter", button={"kind": "button", "switches": "lamp"},
                lamp={"kind": "lamp"}),
        ("press(button)", "press_again(button)"), "far counter", distance=1.5, heading=0.6,
    ),
    Story(
        "pour", "Rice from the cup into the bowl",
        _things("white cup @ table", "blue bowl @ table", white_cup={"contents": "rice"}),
        ("pick(white cup)", "pour(rice, white cup, blue bowl)", "place_at(white cup, table)"), distance=0.75,
    ),
    Story(
        "wipe", "Wipe up the spill", _things("coffee spill @ far counter", "sponge @ far counter"),
        ("pick(sponge)", "wipe(coffee spill, sponge)", "place_at(sponge, far counter)"), "far counter", distance=0.9,
    ),
    Story(
        "upright", "Stand the bottle up, then bin it", _things("water bottle @ table", water_bottle={"lying": True}),
        ("turn_upright(water bottle)", "pick(water bottle)", "go_to(trash can)",
         "place_at(water bottle, trash can)"),
    ),
    Story(
        "push", "Push what no hand can grasp", _things("wooden chest @ left side"),
        ("push_to(wooden chest, middle)",), None, "tabletop", heading=2.2,
    ),
    Story(
        "near", "Lay the table: left, right, behind, in front, next to",
        _things("plate @ table", "fork @ table", "knife @ table", "glass @ table", "spoon @ table", "apple @ table"),
        ("pick(fork)", "place_left_of(fork, plate)", "pick(knife)", "place_right_of(knife, plate)", "pick(glass)",
         "place_behind(glass, plate)", "pick(spoon)", "place_in_front_of(spoon, plate)", "pick(apple)",
         "place_beside(apple, glass)"), seed=7,
    ),
    Story(
        "find", "Find the sponge (through the robot's own cameras)", _things("sponge @ close counter", "mug @ table"),
        ("find(sponge)", "pick(sponge)"), "user", seed=1, perception="camera", distance=1.7,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """What came of a story: each step that was tried, and "" or why it failed."""

    story: Story
    steps: tuple[tuple[str, str], ...]


def run_story(story: Story, images: Path, videos: Path | None = None) -> Shown:
    """Run one story and write its strip (and its video)."""
    data = {
        "id": story.name,
        "instruction": story.title,
        "scene": story.scene,
        "start": {"robot": {"at": story.at}, "objects": list(story.objects)},
        "expect": "refuse",
    }
    settings = StageSettings(story.perception, record=True)
    steps: list[tuple[str, str]] = []
    with build_stage(task_from_data(data, "gallery"), story.seed, settings) as stage:
        for text in story.steps:
            report = do_step(stage, default_library(), text)
            if isinstance(report, Failure):
                why = str(report)
            else:
                untrue = [str(x) for x in expected_effects(report.step.operator) if not came_true(stage, x)]
                why = str(report.failure or "") or (f"in truth not so: {', '.join(untrue)}" if untrue else "")
            steps.append((text, why))
            if why:
                break
        assert stage.recorder is not None
        recording = stage.recorder.stop()
    write_strip(film_strip(recording, 8, story.distance, story.heading), images / f"gallery-{story.name}.jpg")
    if videos is not None:
        from sim.video import write_video

        write_video(recording, videos / f"{story.name}.mp4")
    return Shown(story, tuple(steps))


def page(shown: Sequence[Shown], commit: str) -> str:
    """The page with all strips."""
    lines = [PAGE.format(commit=commit)]
    for one in shown:
        story = one.story
        lines += [
            f"## {story.title}",
            "",
            f"Scene {story.scene}, seed {story.seed}, perception {story.perception}.",
            "",
        ]
        lines += [f"{i}. `{text}`: {why or 'came true'}" for i, (text, why) in enumerate(one.steps, 1)]
        lines += ["", f"![{story.title}](images/gallery-{story.name}.jpg)", ""]
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> None:
    """Make the page and its pictures."""
    from envs.trials import commit_here

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", type=Path, required=True, help="the folder of the page; pictures go to images/ in it")
    parser.add_argument("--only", help="names of stories, between commas; the page is not written")
    parser.add_argument("--video", type=Path, help="a folder for mp4 files")
    args = parser.parse_args(argv)
    wanted = args.only.split(",") if args.only else [s.name for s in STORIES]
    unknown = sorted(set(wanted) - {s.name for s in STORIES})
    if unknown:
        parser.error(f"no story {', '.join(unknown)}; there are: {', '.join(s.name for s in STORIES)}")
    shown = [run_story(s, args.docs / "images", args.video) for s in STORIES if s.name in wanted]
    for one in shown:
        print(one.story.name, [(t, why or "ok") for t, why in one.steps], flush=True)
    if not args.only:
        (args.docs / "gallery.md").write_text(page(shown, commit_here()), encoding="utf-8")


if __name__ == "__main__":
    main()
