# The one list of commands. Everything runs in .venv, which is made on first use.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
TASK   ?= put the red block in the blue bowl
SCENE  ?= tabletop
SEED   ?= 0

.PHONY: test-drivers kill-trials robots help venv weights run test test-quick test-slow smoke lint format types bench ablation skills affordance peers test-robots data-card docs clean

help:            ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

$(VENV)/.ready: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[test,dev]'
	touch $@

venv: $(VENV)/.ready   ## make the environment

weights: venv    ## fetch the default model weights once (98 MB), verified
	$(BIN)/groundplan model fetch

run: weights     ## carry out one instruction: make run TASK="stack the blocks" SEED=3
	$(BIN)/groundplan run --scene $(SCENE) --seed $(SEED) "$(TASK)"

test: weights    ## all tests that fit into six minutes on two cores
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist worksteal -m "not slow"

test-quick: venv ## no model weights, no second processes, no slow tests: under a minute
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist worksteal -m "not slow and not weights and not peer"

test-slow: weights ## the long ones: hundreds of random scenes, fuzzing
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 -m slow

smoke: weights   ## the closed loop on a few tasks of every suite, with motion: under a minute on two free cores
	rm -rf runs/smoke
	$(BIN)/groundplan evaluate $(basename $(notdir $(wildcard configs/tasks/*.yaml))) --tags smoke --jobs 2 \
	  --require 0.5 --out runs/smoke

perception: venv ## how well the cameras see: 120 random tabletops against the truth, per form
	OMP_NUM_THREADS=1 $(BIN)/python tests/sim/perception_trial.py --seeds 0-120

PEERS  ?= franka ros lerobot
peers: venv      ## environments for independent robot peers, in the user's cache: make peers PEERS="franka ros lerobot"
	$(BIN)/python -m tests.peers.install $(PEERS)

test-robots: peers ## the bundled drivers against their peers, each in a process of its own
	$(BIN)/python -m pip install --quiet --constraint constraints.txt pylibfranka roslibpy ur-rtde xarm-python-sdk
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest tests/skills/drivers
	$(BIN)/python -m tests.peers.start ros -m pytest tests/skills/drivers/test_ros2.py tests/skills/drivers/test_ros_actions.py
	$(BIN)/python -m tests.peers.start lerobot -m pytest tests/skills/drivers/test_lerobot.py
	$(BIN)/python -m pytest tests/planner/cli/test_run_franka.py tests/planner/cli/test_run_terminal.py

kill-trials: peers ## pulls each peer's plug 100 times; writes docs/kill-trials.json
	mkdir -p runs/kills
	$(BIN)/python -m tests.peers.kill_trial franka --rows runs/kills/franka.jsonl
	$(BIN)/python -m tests.peers.start ros -m tests.peers.kill_trial ros2 --rows runs/kills/ros2.jsonl
	$(BIN)/python -m tests.peers.kill_trial rosbridge --rows runs/kills/rosbridge.jsonl
	$(BIN)/python -m tests.peers.kill_trial table --of runs/kills --out docs/kill-trials.json

robots: test-robots test-drivers kill-trials ## all that is known of robots: drivers and their peers, the twin, pulled plugs

test-drivers: venv ## the twin: 50 tasks over a bad link, 100 links that die, patterns of trouble; goes on where it ended
	mkdir -p runs
	OMP_NUM_THREADS=1 $(BIN)/python -m planner.twin_trials --rows runs/twin-trials.jsonl --out docs/twin-trials.json
	OMP_NUM_THREADS=1 $(BIN)/python -m planner.twin_patterns --rows runs/twin-patterns.jsonl --out docs/twin-patterns.json

skills: venv     ## each skill on joints in 100 random kitchens; writes docs/skill-trials.json
	OMP_NUM_THREADS=1 $(BIN)/python -m envs.trials --n 100 --out docs/skill-trials.json

affordance: venv ## trials of pick and place, the curves of calibrated affordances, docs/affordance.md
	OMP_NUM_THREADS=1 $(BIN)/python -m envs.affordance_trials --out runs/affordance.jsonl --n 3000
	OMP_NUM_THREADS=1 $(BIN)/python -m planner.evaluate.affordance fit --trials runs/affordance.jsonl
	OMP_NUM_THREADS=1 $(BIN)/python -m planner.evaluate.affordance choose --n 60 --first 1000000

lint: venv       ## style and mistakes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: venv     ## rewrite in the project's style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: venv      ## strict types where a wrong one costs most
	$(BIN)/mypy

bench: weights   ## measure; writes docs/bench.json and docs/bench.md
	$(BIN)/python -m planner.bench --out docs

ablation: weights ## small models from scratch, one choice changed at a time; writes docs/ablation.md
	$(BIN)/python -m planner.learn.ablation --out runs/ablation --page docs/ablation.md

data-card: venv  ## count and sample the training examples; writes docs/data-card.md
	$(BIN)/groundplan data --card docs/data-card.md

docs: venv       ## rewrite the generated pages from the code
	$(BIN)/python docs/generate.py

clean:           ## remove the environment and what runs left behind
	rm -rf $(VENV) runs build dist *.egg-info .pytest_cache .ruff_cache .mypy_cache
