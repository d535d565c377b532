"""Links that lead to others, and short links of ours: which still lead where they should; what does not waits for somebody."""
