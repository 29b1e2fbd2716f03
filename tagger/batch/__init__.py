"""Many paragraphs at once: frames in memory, and tables larger than memory as folders of parts."""
