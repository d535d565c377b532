"""How the demo's leaders lead: asked, answered, opened, checked and published on its days by the services of real use. Neighbour: load."""

from __future__ import annotations

import datetime as dt
import tomllib
from typing import Any

from gensvar.config.demo.acts import Town
from gensvar.config.demo.positions import days_ago
from gensvar.config.demo.script import FOLDER
from gensvar.core import clock, runner
from gensvar.learning.surveys import answering, checking, services
from gensvar.learning.surveys.models import Invitation, Survey, SurveyForm

RUNS = "rut"  # a person's key in town.toml


def read() -> list[dict[str, Any]]:
    """Every round of the script, in the order of its file."""
    with (FOLDER / "surveys.toml").open("rb") as file:
        rows: list[dict[str, Any]] = tomllib.load(file)["survey"]
    return rows


def play(town: Town) -> int:
    """Ask, and let answer; gives how many rounds there are. Raises KeyError for unknown names."""
    told = read()
    for row in told:
        with days_ago(row["days_ago"]):
            survey = _ask(town, row)
        if row["published"]:
            with days_ago(row["days_ago"] - row["days"]):
                _finish(town, survey, row["kept_back"])
    return len(told)


def _ask(town: Town, row: dict[str, Any]) -> Survey:
    by, form = town.user(RUNS), SurveyForm.objects.order_by("pk")[0]
    last_day = clock.today() + dt.timedelta(days=row["days"])
    leader, function = town.persons[row["leader"]], town.functions[row["function"]]
    survey = services.prepare(leader, function, form, last_day, by=by)
    services.save_asked(survey, [town.persons[key] for key in row["asked"]], by=by)
    services.open_(survey, by=by)
    runner.run_waiting()
    for invitation, given in zip(Invitation.objects.filter(survey=survey), row["given"], strict=False):
        answering.answer(invitation, given)
    return survey


def _finish(town: Town, survey: Survey, kept_back: list[str]) -> None:
    by = town.user(RUNS)
    services.close(survey, by=by)
    for text in survey.texts.select_related("survey"):
        if text.words in kept_back:
            checking.keep_back(text, "Pekar ut två kollegor.", by=by)
        else:
            checking.release(text, text.words, by=by)
    services.publish(survey, by=by)
