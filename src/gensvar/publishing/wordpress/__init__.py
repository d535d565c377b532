"""Brings an old blog home: a WordPress export becomes posts, comments and redirects of ours."""
