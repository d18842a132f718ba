"""Which adapter goes with a model, and whether it was trained for what it is used for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from planner.lm.address import is_address
from planner.lm.errors import ModelError
from planner.lm.weights import DEFAULT, find_model
from planner.propose import form
from planner.propose.weights import load_weights

if TYPE_CHECKING:
    from planner.lm.api import LanguageModel

SHIPPED = "models/household"


def shipped_adapter() -> Path | None:
    """The folder of the adapter that comes with the program, if there is one."""
    folder = Path(str(resources.files("configs"))) / SHIPPED
    return folder if (folder / "adapter_model.safetensors").is_file() else None


def adapter_for(choice: str, model: str | Path | None) -> Path | None:
    """The adapter's folder, or None.

    Args:
        choice: "default" (the shipped one on the default model where its answers are trusted, else none: what it was
            taught costs some of what the model knew), "shipped", "none", or a folder.
        model: the base model's name as in ``planner.lm.weights.find_model``.

    Raises:
        ModelError: no adapter there, or one that was trained for another model or other questions.
    """
    if choice == "none":
        return None
    if choice in ("default", "shipped"):
        shipped = shipped_adapter()
        used = choice == "shipped" or load_weights().trusted
        if shipped is None or not used or find_model(model).digest != DEFAULT.sha256:
            return None
        _check(shipped, DEFAULT.sha256, DEFAULT.name)
        return shipped
    folder = Path(choice).expanduser()
    if not (folder / "adapter_config.json").is_file():
        raise ModelError(
            f"no adapter in {choice!r} (no adapter_config.json); name a PEFT folder, default, shipped, or none"
        )
    file = find_model(model)
    _check(folder, file.digest if file.digest == DEFAULT.sha256 else _digest(file.path), file.name)
    return folder


@dataclass(frozen=True)
class SecondModel:
    """Opens a local model once more, on the same weights, with an adapter computed at run time."""

    lm: Any
    folder: Path

    def __call__(self) -> LanguageModel:
        return cast("LanguageModel", self.lm.with_adapter(self.folder))

    @property
    def digest(self) -> str:
        """SHA-256 of what the adapter does."""
        from planner.lm.lora import adapter_digest

        return adapter_digest(self.folder)


def second_model(lm: Any, choice: str, model: str) -> SecondModel | None:
    """The model of whom a second opinion is had (`planner.ground.second`): the shipped adapter on the model that it was
    trained on, where ``choice`` is "default" and the adapter is not merged into the weights already; else None."""
    if choice != "default" or is_address(model) or not hasattr(lm, "with_adapter") or load_weights().trusted:
        return None
    folder = adapter_for("shipped", model)
    return None if folder is None else SecondModel(lm, folder)


def _digest(path: Path) -> str | None:
    from planner.identity import model_digest

    return model_digest(path)


def _check(folder: Path, base: str | None, name: str) -> None:
    """Refuse what does not belong together; a plain PEFT folder without ``training.json`` says nothing and passes."""
    path = folder / "training.json"
    if not path.is_file():
        return
    try:
        facts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        trained_on, version = facts["base"], facts["form"]
        wanted, called = trained_on["sha256"], trained_on["name"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path} cannot be read ({error!r}); train the adapter again, or use --adapter none") from None
    if version != form.VERSION:
        raise ModelError(
            f"the adapter in {folder} was trained on version {version} of the planner's questions, this program asks "
            f"version {form.VERSION}; train it again with 'groundplan train', or use --adapter none"
        )
    if wanted is not None and base is not None and wanted != base:
        raise ModelError(
            f"the adapter in {folder} was trained on {called} ({wanted[:12]}...), not on {name} ({base[:12]}...); "
            "choose that model with --model, or use --adapter none"
        )
