"""Comments under posts and public answers: each a conversation of its own, shown in a thread through a gate beside it."""
