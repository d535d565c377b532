"""Appearances in the desk: entered in one line, corrected and withdrawn here."""
