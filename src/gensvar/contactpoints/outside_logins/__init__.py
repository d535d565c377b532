"""Log-ins of places that are somebody else's: who knows them, never the secrets themselves."""
