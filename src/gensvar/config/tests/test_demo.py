"""The script of the made-up municipality: enough is said over enough weeks, by and to many, that every screen has work to show."""

from __future__ import annotations

from gensvar.config.demo.script import scenes, town


def test_the_script_tells_of_weeks_with_many_people_functions_and_languages() -> None:
    told, content = scenes(), town()
    assert len(told) >= 150
    days = {int(scene.days_ago) for scene in told}
    assert max(days) - min(days) >= 14
    assert len({day // 7 for day in days}) >= 3
    assert len({scene.address or scene.name for scene in told}) >= 50
    assert {scene.language for scene in told} >= {"sv", "en", "fi", "ar"}
    assert len({scene.door for scene in told}) == 2
    functions = {point["address"]: point["function"] for point in content["point"]}
    assert len({functions[scene.to] for scene in told}) >= 4
    answering = {step.by for scene in told for step in scene.steps if step.kind == "answer"}
    assert len(answering) >= 3
    assert answering <= {person["key"] for person in content["person"]}
