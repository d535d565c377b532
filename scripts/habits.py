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
# What a browser shows at this moment, before what was pressed has come: Playwright's expect() waits for it.
NEVER_WAITS = frozenset({"is_visible", "is_hidden", "wait_for_timeout"})
AT_THIS_MOMENT = NEVER_WAITS | frozenset(
    """is_checked is_disabled is_editable is_enabled input_value inner_html inner_text text_content get_attribute
    all_inner_texts all_text_contents bounding_box evaluate evaluate_all""".split()
)
LOCATES = frozenset("locator get_by_label get_by_role get_by_text get_by_title get_by_alt_text".split())
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
    if is_test:
        yield from (
            f"{path}:{line}: asks the browser for this moment; expect(...) waits" for line in races(tree)
        )
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno
            if length > LONGEST_FUNCTION:
                yield f"{path}:{node.lineno}: {node.name} has {length} lines; {LONGEST_FUNCTION} are the most"


def races(tree: ast.Module) -> Iterator[int]:
    """The lines of a test that ask a browser what never waits, or assert on what it shows before it has come."""
    pages = {
        argument.arg
        for argument in ast.walk(tree)
        if isinstance(argument, ast.arg)
        and argument.annotation
        and ast.unparse(argument.annotation) == "Page"
    } | {"page"}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in NEVER_WAITS
        ):
            yield node.lineno
        elif isinstance(node, ast.Assert):
            yield from (node.lineno for part in ast.walk(node.test) if _is_of_this_moment(part, pages))


def _is_of_this_moment(node: ast.AST, pages: set[str]) -> bool:
    """Whether an asserted part is a page's address or text as they stand, or one reading of a locator."""
    if isinstance(node, ast.Attribute):
        return node.attr == "url" and isinstance(node.value, ast.Name) and node.value.id in pages
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    asked, of = node.func.attr, node.func.value
    if asked in {"content", "title"}:
        return isinstance(of, ast.Name) and of.id in pages
    if asked == "count":
        return any(isinstance(part, ast.Attribute) and part.attr in LOCATES for part in ast.walk(of))
    return asked in AT_THIS_MOMENT - NEVER_WAITS


if __name__ == "__main__":
    sys.exit(main())
