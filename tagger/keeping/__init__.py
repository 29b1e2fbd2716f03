"""All registry files and labelled data on disk."""
