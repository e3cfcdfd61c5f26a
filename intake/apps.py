"""Start of the intake app: keys are read, and rooms register for the messages they own and the panels they show."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class IntakeConfig(AppConfig):
    name = "intake"

    def ready(self) -> None:
        from intake.callbacks import canary, durability, inbox  # noqa: F401 - the first two register themselves
        from intake.callbacks.contract import CallbackRequest, Change, Insurance, Photo, Wish
        from intake.callbacks.models import CallbackMessage
        from intake.insurance.models import birth_years
        from intake.insurance.panel import INSURANCE
        from intake.insurance.sent import receive_insurance, receive_photo
        from intake.leads import birth_years as of_birth
        from intake.leads import panels, wishes
        from intake.leads.reception import receive_requests
        from intake.privacy.append_only import ignore_nothing
        from intake.privacy.keys import check_keys

        check_keys()
        post_migrate.connect(ignore_nothing, sender=self)
        panels.register(INSURANCE)
        of_birth.register(birth_years)
        kind = CallbackMessage.Kind
        inbox.register(kind.REQUEST, CallbackRequest, receive_requests)
        inbox.register(kind.CHANGE, Change, wishes.receive_changes)
        inbox.register(kind.INSURANCE, Insurance, receive_insurance)
        inbox.register(kind.CARD_FRONT, Photo, receive_photo)
        inbox.register(kind.CARD_BACK, Photo, receive_photo)
        inbox.register(kind.PAUSE, Wish, wishes.receive_pauses)
        inbox.register(kind.STOP, Wish, wishes.receive_stops)
        inbox.register(kind.ERASE, Wish, wishes.receive_erasures)
