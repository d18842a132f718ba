"""The grid of small models: it runs, keeps what is finished, and writes a page with numbers and intervals."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from planner.learn import ablation, setup  # noqa: E402
from planner.learn.scratch import Shape, first_weights  # noqa: E402
from planner.learn.train import Schedule  # noqa: E402
from planner.lm.tokenizer import TextTokenizer  # noqa: E402

GRID = (
    ("size", "tiny", Shape(width=16, layers=1, heads=2, kv_heads=1)),
    ("positions", "t5", Shape(width=16, layers=1, heads=2, kv_heads=1, position="t5")),
)


@pytest.fixture
def base(monkeypatch, small_tokenizer_json):
    """Without the default weights: the tests' own tokenizer."""

    def load_base(choices, source, progress=False):
        config = choices.shape.config(TextTokenizer.from_json(small_tokenizer_json).vocab_size)
        tensors = first_weights(config, torch.Generator().manual_seed(choices.seed))
        return setup.Base("scratch", None, config, tensors, small_tokenizer_json)

    monkeypatch.setattr(setup, "load_base", load_base)


def test_the_grid_is_run_once_and_written_down(base, texts, tmp_path):
    made = []

    def source(split, seed, count):
        made.append((split, seed, count))
        return [texts[i % len(texts)] for i in range(count)]

    said: list[str] = []
    schedule = Schedule(steps=2, score_every=1, save_every=1e9)
    rows = ablation.run_grid(tmp_path, source, "k", schedule, 3, GRID, said.append)
    assert len(made) == len(set(made))  # every portion is made once for all runs
    assert [r["name"] for r in rows] == ["tiny", "t5"]
    assert rows[1]["parameters"] == rows[0]["parameters"] + 32 * 2
    assert [tokens for tokens, _ in rows[0]["curve"]] == [rows[0]["tokens"] // 2, rows[0]["tokens"]]
    again = ablation.run_grid(tmp_path, source, "k", schedule, 3, GRID, said.append)
    assert again == rows
    assert sum("run 1 of 2" in line for line in said) == 1

    page = tmp_path / "page.md"
    page.write_text(f"before\n{ablation.BEGIN}\nold\n{ablation.END}\nafter\n")
    ablation.into_page(page, ablation.page(rows, "facts"))
    text = page.read_text()
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "old" not in text
    assert "| positions: t5 |" in text
    assert "/3 = " in text
    nats = [rows[1]["curve"][-1][1][s]["nats_per_question"] for s in rows[1]["curve"][-1][1]]
    assert " | ".join(f"{x:.3f}" for x in nats) in text.split("question at the end")[1].split("###")[0]
    assert text.split("at equal training")[1].split("###")[0].count(" M tokens)") == 4  # two models, two scorings


def test_every_model_of_the_grid_can_be_built():
    names = {(axis, name) for axis, name, _ in ablation.GRID}
    assert len(names) == len(ablation.GRID)
    for _, _, shape in ablation.GRID:
        config = shape.config(500)
        assert config.dim == config.heads * config.head_dim
        assert set(first_weights(config, torch.Generator())) >= {"embed", "norm", "layers.0.qkv"}
    assert {shape.position for _, _, shape in ablation.GRID} == {"rotary", "t5", "alibi", "learned", "none"}
