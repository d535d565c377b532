"""The staff's screens, inside the Wagtail admin shell."""
