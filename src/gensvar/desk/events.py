"""What has happened at the door of the desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gensvar.core.events import Fact


@dataclass(frozen=True, slots=True)
class PasswordForgotten(Fact):
    """Somebody typed an address into the form for a new password. `user_id` is 0 where nobody logs in with it."""

    name: ClassVar[str] = "password_forgotten"
    user_id: int
