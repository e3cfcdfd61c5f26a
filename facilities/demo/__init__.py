"""Demo content: the pages, sources, phone lines and drawing of Desert Willow Recovery Center, which does not exist."""
