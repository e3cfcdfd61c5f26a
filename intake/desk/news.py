"""What happens in the queue while somebody works on one person."""

import uuid

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from intake.callbacks.inbox import open_messages
from intake.leads.models import Lead
from intake.leads.queue import untaken_crises


@require_safe
@permission_required("intake.view_lead", raise_exception=True)
def news(request: HttpRequest, lead_id: uuid.UUID) -> JsonResponse:
    """For the script of a lead's page: whether somebody else, who may be in danger, is in nobody's hands (`crisis`)."""
    open_messages()
    others = Lead.objects.visible_to(request.user).exclude(pk=lead_id)
    return JsonResponse({"crisis": untaken_crises(others, request.user).exists()})
