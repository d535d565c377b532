"""The addresses of the calendar."""

from __future__ import annotations

from django.urls import path

from gensvar.desk.calendar import screens

urlpatterns = [
    path("kalender/", screens.calendar, name="calendar"),
    path("kalender/grans/", screens.limit, name="writing_limit"),
    path("kalender/flytta/", screens.move, name="move_in_calendar"),
    path("kalender/lat-vara/", screens.leave, name="leave_held"),
]
