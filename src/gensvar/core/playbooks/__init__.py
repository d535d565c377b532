"""Playbooks: how a municipality has set itself up, as one file that another may take in. Nothing in it is about a person.

`part` is what a room declares of its own set-up, `config.playbooks` lists all parts. `file` writes and reads the file and
trusts nothing in it; `giving` makes one; `plan` says what one would change here; `services` does exactly that.
"""
