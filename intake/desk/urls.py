"""Addresses of the desk, below /desk/. Each page is for staff of the desk; its view says which permission it needs."""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import path

from intake.desk import (
    acts,
    answers,
    benefits,
    call_sheet,
    checks,
    drafts,
    estimates,
    filters,
    insurance,
    lead,
    news,
    payers,
    queue,
    reports,
    sheet,
)
from intake.desk.site import desk_site


def page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    return desk_site.admin_view(view)


ONE = "leads/<uuid:lead_id>/"
COVERAGE = f"{ONE}insurance/<uuid:coverage_id>/"

urlpatterns = [
    path("queue/", page(queue.queue), name="queue"),
    path("save-filter/", page(filters.save_filter), name="save_filter"),
    path("forget-filter/", page(filters.forget_filter), name="forget_filter"),
    path("next/", page(queue.next_person), name="next"),
    path("search/", page(queue.search), name="search"),
    path("payers/", page(payers.unlisted_payers), name="unlisted_payers"),
    path("reports/overrides/", page(reports.overridden), name="overrides"),
    path(ONE, page(lead.lead), name="lead"),
    path(f"{ONE}news/", page(news.news), name="news"),
    path(f"{ONE}claim/", page(acts.claim), name="claim"),
    path(f"{ONE}release/", page(acts.release), name="release"),
    path(f"{ONE}keep-claim/", page(acts.keep_claim), name="keep_claim"),
    path(f"{ONE}pass-on/", page(acts.pass_on), name="pass_on"),
    path(f"{ONE}reveal/", page(acts.reveal), name="reveal"),
    path(f"{ONE}record-call/", page(acts.record_call), name="record_call"),
    path(f"{ONE}add-note/", page(acts.add_note), name="add_note"),
    path(f"{ONE}follow-up/", page(acts.follow_up), name="follow_up"),
    path(f"{ONE}hand-over/", page(acts.hand_over), name="hand_over"),
    path(f"{ONE}correct/", page(acts.correct), name="correct"),
    path(f"{ONE}close/", page(acts.close), name="close"),
    path(f"{ONE}merge/", page(acts.merge), name="merge"),
    path(f"{ONE}unmerge/", page(acts.unmerge), name="unmerge"),
    path(f"{ONE}tell-apart/", page(acts.tell_apart), name="tell_apart"),
    path(f"{ONE}undo/", page(acts.undo), name="undo"),
    path(f"{ONE}reopen/", page(acts.reopen), name="reopen"),
    path(f"{ONE}clear-quarantine/", page(acts.clear_quarantine), name="clear_quarantine"),
    path(f"{ONE}drafts/", page(drafts.keep_draft), name="keep_draft"),
    path(f"{ONE}drafts/discard/", page(drafts.discard_draft), name="discard_draft"),
    path(f"{ONE}insurance/", page(insurance.insurance), name="insurance"),
    path(f"{ONE}insurance/add/", page(insurance.record_coverage), name="add_coverage"),
    path(f"{ONE}insurance/consent/", page(benefits.consent), name="consent"),
    path(f"{ONE}insurance/approve/<uuid:verification_id>/", page(benefits.approve), name="approve"),
    path(f"{ONE}insurance/card/<uuid:card_id>/", page(insurance.card), name="card"),
    path(COVERAGE, page(insurance.record_coverage), name="change_coverage"),
    path(f"{COVERAGE}end/", page(insurance.end_coverage), name="end_coverage"),
    path(f"{COVERAGE}verify/", page(insurance.record_verification), name="verify_benefits"),
    path(f"{COVERAGE}estimate/", page(estimates.estimated), name="estimate"),
    path(f"{COVERAGE}sheet/", page(sheet.sheet), name="sheet"),
    path(f"{COVERAGE}call/", page(call_sheet.call_sheet), name="call_sheet"),
    path(f"{COVERAGE}check/", page(checks.check_coverage), name="check_coverage"),
    path(f"{ONE}insurance/check/<uuid:check_id>/", page(checks.check_news), name="check_news"),
    path(f"{COVERAGE}answer/", page(answers.enter_answer), name="enter_answer"),
    path(f"{COVERAGE}call/pass/", page(call_sheet.pass_sheet), name="pass_sheet"),
]
