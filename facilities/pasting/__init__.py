"""A text written elsewhere becomes the draft of an article. It may touch pages, sources, pictures and directory."""
