"""What words led to: "you said, we did"."""
