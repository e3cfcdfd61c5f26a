"""Every page of the console, mounted in the Django admin site. It may touch every room of intake; nobody imports it."""
