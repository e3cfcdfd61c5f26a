"""The queue, and the search."""

import logging
import uuid
from collections.abc import Iterable

from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from intake.callbacks.inbox import failed_messages, open_messages
from intake.desk.site import page_context
from intake.leads.forms import SearchForm
from intake.leads.lists import KEEP_DISCARDED_FOR, LeadQuerySet
from intake.leads.looks import note_looks, readers_of_many
from intake.leads.models import Lead
from intake.leads.queue import ON_A_PAGE, queue_of
from intake.leads.saved_filter import FilterForm
from intake.leads.search import find_leads, those_that_count

FOUND = "found"  # in the session
SEARCHES_AN_HOUR = 100  # by one person: more than anybody needs
TOO_MANY = "You have searched very often in this hour. Work from the queue; searching goes on at the full hour."

logger = logging.getLogger(__name__)


@permission_required("intake.view_lead", raise_exception=True)
def queue(request: HttpRequest) -> HttpResponse:
    open_messages()
    narrowed = FilterForm(request.GET)
    leads = narrowed.narrow(Lead.objects.visible_to(request.user))
    waiting = queue_of(leads, request.user)
    tab = request.GET["show"] if waiting.has(request.GET.get("show")) else "now"
    rows = waiting.page(tab, request.GET.get("page"))
    if tab == "quarantine":
        note_looks(rows.object_list, request.user)
    context = page_context(
        request,
        title=f"({waiting.to_call_count}) Queue" if waiting.to_call_count else "Queue",
        queue=waiting,
        tab=tab,
        filter=narrowed,
        kept=_in_address(narrowed.query),
        next_query=urlencode(narrowed.query),
        saved=[(each, _in_address(each.query)) for each in request.user.saved_filters.all()],
        rows=rows,
        to_claim=_to_claim(rows),
        discarded=_discarded(leads, request.GET.get("discarded")) if tab == "quarantine" else [],
        days_discarded=KEEP_DISCARDED_FOR.days,
        failed=failed_messages(),
        readers=readers_of_many(timezone.now()) if request.user.has_perm("intake.clear_quarantine") else [],
    )
    return render(request, "desk/queue.html", context)


@permission_required("intake.view_lead", raise_exception=True)
@require_safe
def next_person(request: HttpRequest) -> HttpResponse:
    """Whom to call now: who may be in danger, then what is in hand already, then the first that can be claimed.

    `after` is left out, and a filter of the queue narrows this too.
    """
    open_messages()
    waiting = queue_of(FilterForm(request.GET).narrow(Lead.objects.visible_to(request.user)), request.user)
    found = waiting.next_to_call(after=request.GET.get("after", ""))
    return redirect("desk:lead", found.pk) if found else redirect("desk:queue")


@permission_required("intake.view_lead", raise_exception=True)
@sensitive_post_parameters()
def search(request: HttpRequest) -> HttpResponse:
    """By POST, so that no name and no number gets into an address, a history or a log.

    Back from a lead that was found asks by GET: for those that this session found last, of which it keeps the keys.
    """
    open_messages()
    leads = Lead.objects.visible_to(request.user).select_related("claimed_by")
    form = SearchForm(request.POST) if request.method == "POST" else SearchForm()
    if form.is_bound and not _may_search_again(request.user):
        form.add_error("query", TOO_MANY)
    if form.is_valid():
        found = those_that_count(find_leads(leads, form.cleaned_data["query"]), leads)
        request.session[FOUND] = [str(lead.pk) for lead in found]
    else:
        found = [] if form.is_bound else _found_last(leads, request.session.get(FOUND, []))
    context = page_context(request, title="Search", form=form, found=found, to_claim=_to_claim(found))
    return render(request, "desk/search.html", context)


def _may_search_again(user: User) -> bool:
    """A search says whether a number is there, so that very many of them would say which."""
    key = f"searches:{user.pk}:{timezone.now():%Y-%m-%d %H}"
    try:
        count = 1 if cache.add(key, 1, 3600) else cache.incr(key)
    except ValueError:  # dropped in between
        count = 1
    if count == SEARCHES_AN_HOUR + 1:
        logger.warning("user %s searched more than %s times in an hour", user.pk, SEARCHES_AN_HOUR)
    return count <= SEARCHES_AN_HOUR


def _found_last(leads: LeadQuerySet, keys: list[str]) -> list[Lead]:
    found = leads.with_calls().in_bulk(keys)
    return [found[key] for key in map(uuid.UUID, keys) if key in found]


def _in_address(query: dict[str, str]) -> str:
    return f"&{urlencode(query)}" if query else ""


def _discarded(leads: LeadQuerySet, page: str | None) -> Page:
    return Paginator(leads.discarded().select_related("closed_by"), ON_A_PAGE).get_page(page)


def _to_claim(leads: Iterable[Lead]) -> Lead | None:
    """Whom the key takes: the first that can be claimed."""
    return next((lead for lead in leads if not (lead.is_closed or lead.is_quarantined or lead.holder)), None)
