"""E-mail: reading it as it really comes, and composing it so that the reply finds its way back."""
