"""The craft of learning: terms, scores, training, judging, explaining. It touches no disk."""
