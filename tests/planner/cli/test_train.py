"""``groundplan train`` from the command line, with a tiny base model and a few examples."""

from __future__ import annotations

import json

import pytest

torch = pytest.importorskip("torch")

from planner.cli import exits, train  # noqa: E402
from planner.learn import setup  # noqa: E402
from planner.learn.scratch import Shape, first_weights  # noqa: E402
from planner.lm.tokenizer import TextTokenizer  # noqa: E402
from planner.propose import form  # noqa: E402


@pytest.fixture
def tiny(monkeypatch):
    """Neither the default weights nor the shipped knowledge."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE(vocab={c: i for i, c in enumerate(alphabet)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    setting = form.Setting((("cup", ""), ("bowl", "")), ("table",), "the cup")
    questions = [(form.meant("cup"), 0), (form.meant("bowl"), 2), (form.decision(), 0)]

    def load_base(choices, source, progress=False):
        config = Shape(width=16, layers=1, heads=2, kv_heads=1).config(
            TextTokenizer.from_json(tokenizer.to_str()).vocab_size
        )
        tensors = first_weights(config, torch.Generator().manual_seed(0))
        return setup.Base("tiny", "0" * 64, config, tensors, tokenizer.to_str())

    monkeypatch.setattr(setup, "load_base", load_base)
    monkeypatch.setattr(
        setup, "knowledge_source", lambda k: lambda split, seed, n: [(form.shared_part(setting), questions)] * n
    )


QUICK = ("train", "--steps", "3", "--score-every", "2", "--held-out", "2", "--final", "2", "--rank", "2")


def test_a_run_leaves_an_adapter_its_facts_and_curves(tiny, say, tmp_path):
    done = say(*QUICK, "--out", "out", "--json")
    assert done.code == exits.REACHED, done.err
    facts = json.loads(done.out)
    assert facts["steps"] == 3
    assert facts["form"] == form.VERSION
    assert facts["base"] == {"name": "tiny", "sha256": "0" * 64}
    assert facts["choices"]["rank"] == 2
    assert facts["final_scores"]["splits"]["dev"]["all"]["n"] == 2
    written = json.loads((tmp_path / "out" / "last" / "training.json").read_text())
    assert {k: v for k, v in written.items() if k != "made"} == {k: v for k, v in facts.items() if k != "made"}
    assert (tmp_path / "out" / "last" / "adapter_model.safetensors").is_file()
    assert (tmp_path / "out" / "training.svg").read_text().startswith("<svg")

    again = say(*QUICK, "--out", "out")
    assert again.code == exits.USAGE
    assert "--resume" in again.error
    more = say("train", "--steps", "5", "--rank", "2", "--final", "0", "--held-out", "0", "--out", "out", "--resume")
    assert more.code == exits.REACHED
    assert "going on from step 3" in more.out
    for option, what in ((("--rank", "4"), "other weights"), (("--rank", "2", "--seed", "9"), "other seed")):
        other = say("train", "--steps", "9", *option, "--final", "0", "--held-out", "0", "--out", "out", "--resume")
        assert other.code == exits.USAGE
        assert what in other.err


def test_full_and_scratch_leave_a_model_folder(tiny, say, tmp_path):
    for kind in ("--full", "--scratch"):
        done = say("train", kind, "--steps", "1", "--held-out", "0", "--final", "0", "--out", kind.strip("-"))
        assert done.code == exits.REACHED, done.err
        assert (tmp_path / kind.strip("-") / "last" / "model.safetensors").is_file()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--steps", "0"), "--steps takes 1 or more"),
        (("--questions", "meant,why"), "'why' is none of"),
        (("--scratch", "depth=3"), "unknown key 'depth'"),
        (("--scratch", "width=30,heads=4"), "even multiple"),
        (("--rank", "0"), "rank 0"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_runs(say, words, message, tmp_path):
    done = say("train", *words)
    assert done.code == exits.USAGE
    assert message in done.error


def test_the_recorded_command_does_not_say_where_it_wrote():
    assert train._command(["train", "--out", "/a b", "--seed", "2"]) == "groundplan train --seed 2"
    assert train._command(["train", "--out=/a", "--full"]) == "groundplan train --full"
