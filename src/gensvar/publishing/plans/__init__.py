"""Plans for posts: the day on which one should be ready, and whose turn it is to write. Nothing of it is public."""
