"""The facilities app."""

from django.apps import AppConfig


class FacilitiesConfig(AppConfig):
    name = "facilities"

    def ready(self) -> None:
        from facilities.directory import checks  # noqa: F401 - it registers itself
