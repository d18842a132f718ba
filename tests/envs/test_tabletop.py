from __future__ import annotations

import warnings

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env, data_equivalence

from envs.generate import generate
from envs.tabletop import TabletopEnv
from envs.tasks import make_task, task_from_data

GOAL = {
    "id": "one",
    "instruction": "put the red block in the bowl",
    "scene": "tabletop",
    "start": {
        "objects": [{"name": "red block", "at": "left side"}, {"name": "bowl", "at": "right side"}, {"name": "lemon"}]
    },
    "goal": {"any": [["in(red block, bowl)"]]},
    "forbidden": ["in(lemon, bowl)"],
}
TASK = task_from_data(GOAL)


@pytest.fixture
def env():
    made = TabletopEnv([TASK], slots=4)
    yield made
    made.close()


@pytest.mark.slow
def test_gymnasium_s_own_check_finds_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        env = gymnasium.make("groundplan/Tabletop-v0", tasks=generate(3), render_mode="rgb_array")
        assert env.spec.max_episode_steps == 20
        check_env(env.unwrapped)
        env.close()


def test_an_episode_that_succeeds(env):
    seen, info = env.reset(seed=1)
    assert seen["instruction"] == GOAL["instruction"]
    assert info["task"] == "one"
    assert info["objects"] == ["red block", "bowl", "lemon"]
    assert env.action_space.sample(info["action_mask"]) in env.action_space
    seen, reward, done, cut, info = env.step(env.action_of("pick(red block)"))
    assert (reward, done, cut, info["failure"], info["is_success"]) == (0.0, False, False, "", False)
    assert list(seen["objects"][:, -1]) == [1, 0, 0, 0]
    seen, reward, done, cut, info = env.step(env.action_of("place_in(red block, bowl)"))
    assert (reward, done, cut, info["failure"], info["is_success"]) == (1.0, True, False, "", True)
    assert info["verdict"]["holds"] == {"in(red block, bowl)": True}
    assert env.observation_space.contains(seen)


def test_what_is_forbidden_ends_the_episode_badly(env):
    env.reset(seed=2)
    env.step(env.action_of("pick(lemon)"))
    _, reward, done, _, info = env.step(env.action_of("place_in(lemon, bowl)"))
    assert (reward, done, info["is_success"]) == (-1.0, True, False)
    assert info["verdict"]["forbidden"][0]["literal"] == "in(lemon, bowl)"


def test_illegal_actions_move_nothing_and_say_why(env):
    seen, info = env.reset(seed=3)
    empty = next(i for i in range(len(env.table)) if env.step_of(i) is None)
    refused = env.action_of("place_in(red block, bowl)")
    assert not info["action_mask"][[empty, refused]].any()
    for action, why in ((empty, "WRONG_TYPE"), (refused, "PRECONDITION")):
        after, reward, done, _, info = env.step(action)
        assert (reward, done, info["ticks"]) == (0.0, False, 0)
        assert info["failure"].startswith(why)
        assert np.array_equal(after["objects"][:, :1], seen["objects"][:, :1])
        assert info["verdict"]["moved"] == ()


def test_twin_runs_are_equal_and_the_seed_matters():
    def run(seed):
        env = TabletopEnv(generate(6), slots=8)
        out = [env.reset(seed=seed), env.reset()]
        env.action_space.seed(seed)
        for _ in range(2):
            out.append(env.step(env.action_space.sample(out[-1][-1]["action_mask"])))
        env.close()
        return out

    first, second = run(11), run(11)
    assert all(data_equivalence(a, b, exact=True) for a, b in zip(first, second, strict=True))
    assert not data_equivalence(run(12)[0], first[0])


def test_a_task_of_one_s_choice(env):
    env.close()
    env = TabletopEnv(generate(5), slots=8)
    _, info = env.reset(seed=1, options={"task": env.pool[3].id})
    assert info["task"] == env.pool[3].id
    _, info = env.reset(seed=1, options={"task": TASK})
    assert info["task"] == "one"
    with pytest.raises(ValueError, match="no task 'two' among the 5"):
        env.reset(options={"task": "two"})
    env.close()


def test_pictures(env):
    env.reset(seed=1)
    assert env.render() is None
    shown = TabletopEnv([TASK], render_mode="rgb_array")
    shown.reset(seed=1)
    assert shown.render().dtype == np.uint8
    shown.close()


def test_wrong_use(env):
    with pytest.raises(gymnasium.error.ResetNeeded):
        TabletopEnv([TASK]).step(0)
    with pytest.raises(ValueError, match="none of the 1 tasks has a goal"):
        TabletopEnv([make_task("go")])
    with pytest.raises(ValueError, match="more things than slots=2; make the environment with slots=3"):
        TabletopEnv([TASK], slots=2)
    with pytest.raises(ValueError, match="no render mode 'human'; choices: rgb_array"):
        TabletopEnv([TASK], render_mode="human")
    env.reset(seed=0)
    with pytest.raises(ValueError, match="no skill 'juggle'"):
        env.action_of("juggle(lemon)")
    with pytest.raises(KeyError, match="no action here"):
        env.action_of("pick(spoon)")
    with pytest.raises(IndexError, match="no action 9999"):
        env.step(9999)
