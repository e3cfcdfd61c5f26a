"""The time zones of the United States in the words of people there: one list for visitors, the desk and the editor."""

ZONES = {
    "America/Los_Angeles": ("Pacific", "Las Vegas, Los Angeles"),
    "America/Denver": ("Mountain", "Denver, Salt Lake City"),
    "America/Phoenix": ("Arizona", "Phoenix"),
    "America/Chicago": ("Central", "Chicago, Houston"),
    "America/New_York": ("Eastern", "New York, Miami"),
    "America/Anchorage": ("Alaska", "Anchorage"),
    "Pacific/Honolulu": ("Hawaii", "Honolulu"),
}
CHOICES = [(zone, name) for zone, (name, _) in ZONES.items()]
CHOICES_WITH_TOWNS = [(zone, f"{name} ({towns})") for zone, (name, towns) in ZONES.items()]


def zone_in_words(zone: str) -> str:
    """A time zone as people speak of it: "Pacific", or the city of one that is not on the list."""
    return ZONES[zone][0] if zone in ZONES else zone.rpartition("/")[2].replace("_", " ")
