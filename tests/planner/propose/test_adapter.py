"""Which adapter goes with a model, and what is refused."""

from __future__ import annotations

import json

import pytest

from planner.lm.errors import ModelError
from planner.propose import adapter as module
from planner.propose import form
from planner.propose.adapter import adapter_for, second_model


@pytest.fixture
def model(tmp_path):
    """A folder that stands for another model than the default one."""
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    return folder


def _adapter(folder, **facts):
    folder.mkdir()
    (folder / "adapter_config.json").write_text("{}")
    if facts:
        (folder / "training.json").write_text(json.dumps(facts))
    return folder


def test_none_and_another_model_get_no_adapter(model):
    assert adapter_for("none", None) is None
    assert adapter_for("default", model) is None


def test_a_named_folder_is_taken_when_it_was_trained_for_this_model_and_form(model, tmp_path):
    from planner.identity import model_digest

    base = {"name": "other", "sha256": model_digest(model)}
    assert adapter_for(str(_adapter(tmp_path / "a", form=form.VERSION, base=base)), model) == tmp_path / "a"
    assert adapter_for(str(_adapter(tmp_path / "plain")), model) == tmp_path / "plain"


def test_what_does_not_belong_together_is_refused(model, tmp_path):
    with pytest.raises(ModelError, match="no adapter in"):
        adapter_for(str(tmp_path / "nothing"), model)
    other = {"name": "Another-1B", "sha256": "0" * 64}
    with pytest.raises(ModelError, match="trained on Another-1B"):
        adapter_for(str(_adapter(tmp_path / "a", form=form.VERSION, base=other)), model)
    with pytest.raises(ModelError, match=f"version {form.VERSION + 1}"):
        adapter_for(str(_adapter(tmp_path / "b", form=form.VERSION + 1, base=other)), model)
    broken = _adapter(tmp_path / "c", form=form.VERSION)
    with pytest.raises(ModelError, match="cannot be read"):
        adapter_for(str(broken), model)


def test_the_shipped_one_belongs_to_the_default_model_alone():
    shipped = module.shipped_adapter()
    if shipped is not None:
        facts = json.loads((shipped / "training.json").read_text())
        assert facts["form"] == form.VERSION
        assert facts["base"]["sha256"] == module.DEFAULT.sha256
        assert sum(p.stat().st_size for p in shipped.glob("*.safetensors")) <= 12_000_000


def test_a_second_opinion_is_had_of_the_default_model_alone(model):
    class Local:
        def with_adapter(self, folder):
            return folder

    assert second_model(Local(), "none", "default") is None
    assert second_model(Local(), "shipped", "default") is None, "it is merged into the weights already"
    assert second_model(Local(), "default", "http://127.0.0.1:8080/v1") is None
    assert second_model(Local(), "default", str(model)) is None
    assert second_model(object(), "default", "default") is None


@pytest.mark.weights
def test_the_shipped_adapter_gives_the_default_model_its_second_opinion():
    from planner.ground.second import SecondOpinion
    from planner.session import open_mind
    from planner.settings import Settings

    proposer = open_mind(Settings()).proposer
    assert isinstance(proposer, SecondOpinion)
    assert proposer.sureness.second is not None
    assert proposer.others == ()
