"""The addresses of the workshop."""

from __future__ import annotations

from django.urls import path

from gensvar.desk.workshop import screens

urlpatterns = [
    path("verkstad/", screens.experiments, name="experiments"),
    path("verkstad/ny/", screens.new, name="new_experiment"),
    path("verkstad/<int:pk>/", screens.experiment, name="experiment"),
]
