"""What the guides tell others to write into their own machines does what they say of it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

from gensvar.square.arriving import STILL_READ
from tests.databases import ROOT

PRODUCTION, NGINX = ((ROOT / "docs" / "how-to" / name).read_text() for name in ("production.md", "nginx.md"))


def test_a_proxy_passes_on_all_that_is_read_and_mail_servers_what_is_taken(settings: Any) -> None:
    passed = re.findall(r"client_max_body_size (\d+)m;", PRODUCTION + NGINX)
    assert len(passed) == 3
    assert all(int(size) << 20 > STILL_READ * settings.GENSVAR_LARGEST_WORD for size in passed)
    taken = re.findall(r"message_size_limit = (\d+)", PRODUCTION)
    assert taken == [str(settings.GENSVAR_LARGEST_WORD)] * 2


def test_a_pipe_says_75_also_where_gensvar_is_not_there_to_say_it(tmp_path: Path) -> None:
    (script,) = re.findall(r"```sh\n(#!/bin/sh\n\(set -a;.*?)```", PRODUCTION, re.DOTALL)
    for missing in ("/etc/gensvar", "/opt/gensvar"):
        script = script.replace(missing, str(tmp_path))
    assert _code(script) == 75, "no settings"
    (tmp_path / "environment").touch()
    assert _code(script) == 75, "no command, as in the middle of an upgrade"
    (tmp_path / "bin").mkdir()
    for code, said in ((0, 0), (1, 75), (75, 75)):
        (tmp_path / "bin" / "gensvar").write_text(f"#!/bin/sh\nexit {code}\n")
        (tmp_path / "bin" / "gensvar").chmod(0o755)
        assert _code(script) == said


def _code(script: str) -> int:
    return subprocess.run(["sh", "-c", script], capture_output=True, check=False).returncode
