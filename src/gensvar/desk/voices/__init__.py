"""Who speaks, what falls if somebody leaves, and who could speak for what: the screens of those who hold it together."""
