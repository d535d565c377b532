"""The addresses of the surveys."""

from __future__ import annotations

from django.urls import path

from gensvar.desk.surveys import questions, screens

urlpatterns = [
    path("ledarskap/", screens.surveys, name="surveys"),
    path("ledarskap/ny/", screens.new, name="new_survey"),
    path("ledarskap/<int:pk>/", screens.survey, name="survey"),
    path("ledarskap/fragor/<int:pk>/", questions.form, name="survey_form"),
]
