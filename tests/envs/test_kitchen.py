"""The kitchen as a Gymnasium environment: both kinds of action, seeded, within limits, judged by ground truth."""

from __future__ import annotations

import warnings

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env, data_equivalence

from envs.fetch import generate_fetch
from envs.kitchen import KitchenEnv
from envs.tasks import task_from_data

DRAWER = task_from_data(
    {
        "id": "drawer",
        "instruction": "open the top drawer",
        "scene": "kitchen",
        "start": {"robot": {"at": "far counter"}, "objects": [{"name": "apple", "at": "table"}], "furniture": True},
        "goal": {"any": [["open(top drawer)"]]},
    }
)


@pytest.fixture
def joint_env():
    made = KitchenEnv([DRAWER], mode="joint", limit=50)
    yield made
    made.close()


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["skill", "joint"])
def test_gymnasium_s_own_check_finds_nothing(mode):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        env = gymnasium.make("groundplan/Kitchen-v0", tasks=generate_fetch(3), mode=mode, render_mode="rgb_array")
        check_env(env.unwrapped)
        env.close()


def test_a_drawer_is_opened_by_a_skill_and_seen_open():
    env = KitchenEnv([DRAWER], slots=2)
    seen, info = env.reset(seed=1)
    row = env.part_names.index("top drawer")
    assert tuple(seen["parts"][row]) == (1.0, 0.0)
    assert env.action_space.sample(info["action_mask"]) in env.action_space
    seen, reward, done, cut, info = env.step(env.action_of("open(top drawer)"))
    assert (reward, done, cut, info["failure"], info["is_success"]) == (1.0, True, False, "", True)
    assert seen["parts"][row, 1] > 0.5
    assert env.observation_space.contains(seen)
    env.close()


def test_actions_are_velocities_of_base_and_joints(joint_env):
    """Half speed forwards for a second: the base has gone half a metre less the run-up, the second joint has turned."""
    seen, _ = joint_env.reset(seed=1)
    action = np.zeros(joint_env.action_space.shape, np.float32)
    action[0], action[4], action[-1] = -0.5, -0.2, -1.0  # back from the counter, the shoulder, closing
    before = seen
    for _ in range(10):
        seen, *_, info = joint_env.step(action)
        assert info["failure"] == ""
        assert joint_env.observation_space.contains(seen)
    spec = joint_env.spec_of_robot
    gone = np.hypot(*(seen["base"] - before["base"])[:2])
    assert gone == pytest.approx(0.25 * spec.base.max_velocity[0], abs=0.08)
    assert seen["velocity"][4] == pytest.approx(-0.1 * spec.max_velocity[1], abs=0.02)
    assert seen["gripper"][0] < 0.005
    for _ in range(8):
        seen, *_ = joint_env.step(np.zeros_like(action))
    assert np.abs(seen["velocity"]).max() < 0.01  # a silent controller rests


def test_it_brakes_before_its_limits_and_says_what_blocks_it(joint_env):
    joint_env.reset(seed=1)
    action = np.zeros(joint_env.action_space.shape, np.float32)
    action[9] = 1.0  # the last joint, for longer than it can turn
    for _ in range(30):
        seen, *_ = joint_env.step(action)
    assert seen["joints"][6] <= joint_env.spec_of_robot.upper[6] + 1e-3
    assert seen["joints"][6] > joint_env.spec_of_robot.upper[6] - 0.1
    action[:] = 0.0
    action[0] = 1.0  # into the counter
    said = []
    while not said:
        *_, cut, info = joint_env.step(action)
        said += [info["failure"]] if info["failure"] else []
        assert not cut or said, "nothing blocked it"
    assert "blocks it" in said[0]


def test_equal_seeds_give_equal_bits_and_the_limit_cuts_off():
    def run(seed):
        env = KitchenEnv([DRAWER], mode="joint", limit=3)
        out = [env.reset(seed=seed)]
        env.action_space.seed(seed)
        out += [env.step(env.action_space.sample()) for _ in range(3)]
        env.close()
        return out

    first, second = run(5), run(5)
    assert all(data_equivalence(a, b, exact=True) for a, b in zip(first, second, strict=True))
    assert [x[3] for x in first[1:]] == [False, False, True]


def test_video(tmp_path):
    pytest.importorskip("moviepy", reason="RecordVideo needs moviepy")
    env = gymnasium.make("groundplan/Kitchen-v0", tasks=[DRAWER], mode="joint", limit=4, render_mode="rgb_array")
    film = gymnasium.wrappers.RecordVideo(env, str(tmp_path), disable_logger=True)
    film.reset(seed=1)
    for _ in range(4):
        film.step(np.zeros(env.action_space.shape, np.float32))
    film.close()
    assert [p.stat().st_size > 1000 for p in tmp_path.glob("*.mp4")] == [True]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"mode": "torque"}, "no mode 'torque'; choices: skill, joint"),
        ({"limit": 0}, "limit is at least one action"),
        ({"robot": "mobile_pandda"}, "did you mean 'mobile_panda'"),
    ],
)
def test_wrong_use(wrong, message):
    with pytest.raises(ValueError, match=message):
        KitchenEnv([DRAWER], **wrong)


def test_a_wrong_action_and_a_robot_that_cannot_drive(joint_env):
    joint_env.reset(seed=1)
    with pytest.raises(ValueError, match="an action is 11 finite numbers"):
        joint_env.step(np.zeros(3, np.float32))
    with pytest.raises(ValueError, match="11 finite numbers"):
        joint_env.step(np.full(11, np.nan, np.float32))
    still = KitchenEnv([DRAWER], robot="panda")
    with pytest.raises(
        ValueError, match="stands still, and the places of scene 'kitchen' are far apart; choose one of mobile"
    ):
        still.reset(seed=1)
