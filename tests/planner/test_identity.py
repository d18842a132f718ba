from __future__ import annotations

import hashlib
import re

from planner.identity import code_identity, model_digest


def test_the_code_says_what_it_is():
    identity = code_identity()
    assert set(identity) == {"version", "commit", "changed"}
    assert identity["commit"] is None or re.fullmatch(r"[0-9a-f]{40}", identity["commit"])
    assert code_identity() == identity


def test_a_file_s_digest_is_its_sha256(tmp_path):
    file = tmp_path / "m.gguf"
    file.write_bytes(b"weights")
    assert model_digest(file) == hashlib.sha256(b"weights").hexdigest()


def test_a_folder_s_digest_depends_on_names_and_content(tmp_path):
    def folder(name, **files):
        made = tmp_path / name
        made.mkdir()
        for stem, content in files.items():
            (made / f"{stem}.safetensors").write_bytes(content)
        return model_digest(made)

    assert folder("a", x=b"1", y=b"2") == folder("b", y=b"2", x=b"1")
    assert len({folder("c", x=b"1"), folder("d", x=b"2"), folder("e", z=b"1")}) == 3
