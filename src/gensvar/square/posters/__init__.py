"""The pictures that stand where a page of ours is passed on: drawn here, of what the gates show alone, asked of nobody else.

letters knows our typefaces, lines sets words in them, drawing makes the picture, showing says of what and keeps it.
"""
