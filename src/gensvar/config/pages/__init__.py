"""The full-page cache: answers for the square before Django does any work, and never with what the public sees no more."""
