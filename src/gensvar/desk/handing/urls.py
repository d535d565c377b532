"""Addresses of handovers in the desk."""

from __future__ import annotations

from django.urls import path

from gensvar.desk.handing import screens

urlpatterns = [
    path("overlamningar/", screens.handovers, name="handovers"),
    path("overlamningar/<int:pk>/", screens.handover, name="handover"),
    path("overlamningar/<int:pk>/dokument/", screens.document, name="handover_document"),
]
