"""Page types, their blocks, and the settings of the site. It may touch directory, sources and facts."""
