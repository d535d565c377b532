"""Holds the habits that no linter knows: small files, a word on why each exists, nothing of one machine in the tree.

Run by `make check`; the reasons are in CONTRIBUTING.md.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

LONGEST_FILE = 400  # lines
LONGEST_FUNCTION = 50
NEEDS_NO_DOCSTRING = 5  # lines

UNFINISHED = re.compile(
    r"\b(TO(?:DO)|FIX(?:ME)|XX(?:X)|HA(?:CK))\b|raise NotImplementedError\(?\)?\s*$", re.MULTILINE
)
SLEEP = re.compile(r"\btime\.sleep\(")
MACHINE = re.compile(r"(?<![\w.])/(work|farm)/")
REGISTRY = re.compile(
    r"--(extra-)?index-url|^\s*\"resolved\": \"https?:|registry\s*=\s*\"?https?:|files\.pythonhosted|\bregistry\.npmjs",
    re.MULTILINE,
)


def main() -> int:
    """Print what breaks a habit, one line each, and give the exit code."""
    names = subprocess.run(
        ["git", "ls-files"], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    found = [fault for name in names for fault in faults(Path(name))]
    print("\n".join(found) or f"habits: {len(names)} files, nothing to say")
    return 1 if found else 0


def faults(path: Path) -> Iterator[str]:
    """What is wrong with one tracked file; nothing for one that is no text or was removed."""
    try:
        text = path.read_text(encoding="utf-8")
    except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
        return
    for pattern, what in ((MACHINE, "names a folder of one machine"), (REGISTRY, "names a package registry")):
        for match in pattern.finditer(text):
            yield f"{path}:{text.count(chr(10), 0, match.start()) + 1}: {what}: {match[0].strip()}"
    if path.suffix == ".py" and "migrations" not in path.parts:
        yield from faults_of_python(path, text)


def faults_of_python(path: Path, text: str) -> Iterator[str]:
    """Length, docstring and leftovers of one module."""
    tree = ast.parse(text)
    lines = text.count("\n")
    is_test = "tests" in path.parts or path.name == "conftest.py"
    if lines > LONGEST_FILE:
        yield f"{path}: {lines} lines; split it, by meaning, before {LONGEST_FILE}"
    if lines > NEEDS_NO_DOCSTRING and not is_test and not ast.get_docstring(tree):
        yield f"{path}: does not say, in its first line, why it exists"
    if match := UNFINISHED.search(text):
        yield f"{path}: is unfinished: {match[0].strip()}"
    if is_test and SLEEP.search(text):
        yield f"{path}: sleeps; wait on a condition, with a deadline"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno
            if length > LONGEST_FUNCTION:
                yield f"{path}:{node.lineno}: {node.name} has {length} lines; {LONGEST_FUNCTION} are the most"


if __name__ == "__main__":
    sys.exit(main())
