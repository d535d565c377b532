"""Real mails with what another project expects of them; they lie beside the repository, never in it.

GENSVAR_CORPUS names their folder; without it `../shared/corpus` beside the repository is tried. Neighbours: test_corpus.
"""

from __future__ import annotations

import base64
import html
import os
import re
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(os.environ.get("GENSVAR_CORPUS") or Path(__file__).parents[6] / "shared" / "corpus") / "mail"
MAILS = sorted(FOLDER.glob("*.box"))
WHY_NOT = f"the mails of the corpus are not at {FOLDER} (GENSVAR_CORPUS names their folder)"

NOTHING = "no visible content"  # what they put in place of an empty body; in place of an encrypted one we say that it is
UNSEEN = re.compile(r"<(script|style)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
TAG = re.compile(r"<[^<>]*>")
QUERY = re.compile(r"(@[\w.-]+)\?subject=\S*?(?=Internet:|<|\s|$)")


class _Loader(yaml.SafeLoader):
    """Reads their YAML: Ruby's hashes and strings are ordinary ones."""


def _ruby(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    assert isinstance(node, yaml.ScalarNode)
    return loader.construct_scalar(node)


def _binary(loader: Any, node: Any) -> bytes:
    return base64.b64decode(node.value)


_Loader.add_multi_constructor("!ruby/", _ruby)
_Loader.add_constructor("!binary", _binary)


def expected(mail: Path) -> dict[str, Any]:
    """What they expect of a mail; empty where they say nothing."""
    path = mail.with_suffix(".yml")
    return yaml.load(path.read_bytes(), _Loader) if path.exists() else {}


def folded(text: str) -> str:
    """A text without white space and without marks of quotation: HTML and text break and mark their lines differently."""
    return re.sub(r"[\s>\u200b\xad]+", "", text)


def their_text(said: dict[str, Any]) -> str:
    """Their body as text.

    It is the output of their sanitiser for HTML: its tags go, its entities become letters. Where they show the whole
    target of a link to a mail address, the query behind the address ("?subject=…") goes too: it is no text of the writer.
    """
    body = said.get("body") or ""
    if body == NOTHING:
        return ""
    if said.get("content_type") == "text/html" or (not said.get("content_type") and "</" in body):
        body = html.unescape(TAG.sub(" ", UNSEEN.sub(" ", body)))
    return QUERY.sub(r"\1", folded(body))
