"""What the guides tell others to write into their own machines does what they say of it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

from gensvar.config.archive.writing import last_made
from gensvar.square.arriving import STILL_READ
from tests.databases import ROOT

GUIDES = ("production.md", "nginx.md", "backup.md")
PRODUCTION, NGINX, BACKUP = ((ROOT / "docs" / "how-to" / name).read_text() for name in GUIDES)


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


def test_what_is_said_where_a_backup_is_made_in_another_way_is_what_check_looks_at(
    settings: Any, tmp_path: Path
) -> None:
    settings.GENSVAR_HOME = tmp_path
    (told,) = re.findall(r"touch /var/lib/gensvar/(\S+)`", BACKUP)
    (tmp_path / told).parent.mkdir()
    (tmp_path / told).touch()
    assert last_made() is not None


def _code(script: str) -> int:
    return subprocess.run(["sh", "-c", script], capture_output=True, check=False).returncode
