"""Tests of the whole: journeys in a browser, real processes, the structure of the rooms. A room's own tests lie in it."""
