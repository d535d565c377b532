"""Lets `python -m gensvar` be the same command as `gensvar`."""

from gensvar.config.cli import main

if __name__ == "__main__":
    main()
