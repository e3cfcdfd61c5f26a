"""Start of the intake app: keys are read, and rooms register for the messages they own and the panels they show."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "intake"

    def ready(self) -> None:
        from intake.callbacks import inbox
        from intake.callbacks.contract import CallbackRequest
        from intake.callbacks.models import CallbackMessage
        from intake.insurance.panel import INSURANCE
        from intake.leads import panels
        from intake.leads.reception import receive_requests
        from intake.privacy.keys import check_keys

        check_keys()
        panels.register(INSURANCE)
        inbox.register(CallbackMessage.Kind.REQUEST, CallbackRequest, receive_requests)
