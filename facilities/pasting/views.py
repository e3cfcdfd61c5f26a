"""Two pages of the editor: pasting a text, and confirming what was found in it, one by one, before it is a draft."""

from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import Media
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property
from wagtail.admin import messages
from wagtail.models import Page

from facilities.pages.models import ArticleIndexPage, ArticlePage
from facilities.pasting.forms import MarkForm, PageForm, PasteForm, PictureForm, ReferenceForm, TableForm, call_forms
from facilities.pasting.found import find_all
from facilities.pasting.making import Block, Confirmed, make_draft
from facilities.pasting.models import PastedText
from facilities.pasting.pasted import Pasted, read

PASTE, CONFIRM = "paste_article", "confirm_pasted"
MADE_ALREADY = "This text is no longer here: somebody has made its page, or thrown it away."


def may_add_below(parent: Page, user: User) -> bool:
    is_index = issubclass(parent.specific_class, ArticleIndexPage)
    return is_index and parent.permissions_for_user(user).can_add_subpage()


def _parent(request: HttpRequest, page_id: int) -> Page:
    """Raises Http404 and PermissionDenied."""
    parent = get_object_or_404(Page, pk=page_id)
    if not may_add_below(parent, request.user):
        raise PermissionDenied
    return parent


def paste(request: HttpRequest, page_id: int) -> HttpResponse:
    parent = _parent(request, page_id)
    open_texts = PastedText.objects.filter(parent=parent).select_related("pasted_by")
    if request.method == "POST" and (thrown := request.POST.get("throw")):
        open_texts.filter(pk=int(thrown) if thrown.isdecimal() else None).delete()
        messages.success(request, "The text was thrown away.")
        return redirect(PASTE, parent.pk)
    form = PasteForm(request.POST or None)
    if form.is_valid():
        text = PastedText.objects.create(parent=parent, words=form.pasted, pasted_by=request.user)
        return redirect(CONFIRM, text.pk)
    context = {"parent": parent, "form": form, "texts": open_texts, "script": static("pasting.js")}
    return render(request, "facilities/pasting/paste.html", context, status=422 if form.errors else 200)


class Confirming:
    """The forms on one text, bound to what somebody has answered, if anything."""

    def __init__(self, pasted: Pasted, user: User, data: Any = None) -> None:
        self.pasted = pasted
        found, may_add = find_all(pasted.references), user.has_perm("facilities.add_source")
        by_number = {reference.number: reference for reference in pasted.references}
        self.page = PageForm(data, initial={"title": pasted.title, "summary": pasted.summary})
        self.sources = [
            ReferenceForm(data, reference=each, found=found.get(each.number), may_add=may_add)
            for each in pasted.references
        ]
        self.marks = [
            MarkForm(data, mark=mark, references=[by_number[line] for line in mark.lines]) for mark in pasted.marks
        ]
        tables, places = enumerate(pasted.tables, 1), enumerate(pasted.places, 1)
        self.tables = [TableForm(data, number=number, table=table) for number, table in tables]
        self.pictures = [PictureForm(data, number=number, place=place) for number, place in places]
        self.calls = call_forms(data)

    @cached_property
    def forms(self) -> list[Any]:
        return [self.page, *self.sources, *self.marks, *self.tables, *self.pictures, *self.calls]

    @property
    def media(self) -> Media:
        return sum((form.media for form in self.pictures), Media())

    def is_valid(self) -> bool:
        """Of all of them, so that each shows what it asks for."""
        are_valid = [form.is_valid() for form in self.forms]
        return all(are_valid)

    def certain(self) -> list[str]:
        """The names of the ticks that need no second look: see facilities/pasting/marks.py and found.py."""
        sources = [form for form in self.sources if form.found and form.found.is_certain]
        marks = [form for form in self.marks if form.mark.is_certain]
        return [form["confirmed"].html_name for form in [*sources, *marks]]

    def confirmed(self) -> Confirmed:
        """Enters new sources."""
        sources = {form.reference.number: source for form in self.sources if (source := form.source())}
        marks = frozenset(form.mark.number for form in self.marks if form.cleaned_data["confirmed"])
        pictures = [(form.cleaned_data["image"], form.cleaned_data["alt_text"]) for form in self.pictures]
        captions = [form.cleaned_data["caption"] for form in self.tables]
        return Confirmed(sources, marks, pictures, captions, [_call(form) for form in self.calls])


def _call(form: Any) -> Block | None:
    if not form.cleaned_data["wanted"]:
        return None
    value = {
        "heading": form.cleaned_data["heading"],
        "sentence": form.cleaned_data["sentence"],
        "phone_line": form.cleaned_data["phone_line"].pk,
        "page": form.page.pk if form.page else None,
        "claim": None,
    }
    return {"type": "call_to_action", "value": value}


def confirm(request: HttpRequest, text_id: int) -> HttpResponse:
    text = PastedText.objects.filter(pk=text_id).select_related("parent").first()
    if text is None:
        messages.error(request, MADE_ALREADY)
        return redirect("wagtailadmin_home")
    _parent(request, text.parent_id)
    pasted = read(text.words)
    confirming = partial(Confirming, pasted, request.user)
    if request.method != "POST":
        return _show(request, text, confirming(MultiValueDict(text.answers) if text.answers else None))
    answers = {name: values for name, values in request.POST.lists() if name not in ("csrfmiddlewaretoken", "do")}
    do = request.POST.get("do")
    if do == "certain":
        answers |= {name: ["on"] for name in confirming().certain()}
    PastedText.objects.filter(pk=text.pk).update(answers=answers)
    if do != "make":
        messages.success(request, "What you have confirmed so far is kept. You can go on at any time.")
        return redirect(CONFIRM, text.pk)
    forms = confirming(MultiValueDict(answers))
    if not forms.is_valid():
        messages.error(request, "The draft was not made yet. See what is asked for below; what you entered is kept.")
        return _show(request, text, forms, status=422)
    return _make(request, text, forms)


def _show(request: HttpRequest, text: PastedText, confirming: Confirming, status: int = 200) -> HttpResponse:
    context = {"text": text, "pasted": confirming.pasted, "confirming": confirming, "script": static("pasting.js")}
    return render(request, "facilities/pasting/confirm.html", context, status=status)


@transaction.atomic
def _make(request: HttpRequest, text: PastedText, forms: Confirming) -> HttpResponse:
    if not PastedText.objects.select_for_update().filter(pk=text.pk).exists():  # somebody was faster
        messages.error(request, MADE_ALREADY)
        return redirect("wagtailadmin_explore", text.parent_id)
    confirmed, answers = forms.confirmed(), forms.page.cleaned_data
    page = make_draft(text.parent.specific, forms.pasted, confirmed, **answers, by=request.user)
    text.delete()
    messages.success(request, "The draft is there. Read it, then send it to the review.")
    for sentence in _left(forms, confirmed):
        messages.warning(request, sentence)
    return redirect("wagtailadmin_pages:edit", page.pk)


def _left(forms: Confirming, confirmed: Confirmed) -> list[str]:
    marks = len(forms.marks) - len(confirmed.marks)
    sources = len(forms.sources) - len(confirmed.sources)
    pictures = sum(image is None for image, _ in confirmed.pictures)
    left = [
        (marks, "Citations that you did not confirm stand in the text as they were written"),
        (sources, "Sources that you did not confirm stand at the end of the draft in words"),
        (pictures, "Places of pictures wait for their picture. The page is published once each has one, or is deleted"),
    ]
    return [f"{words}: {count}." for count, words in left if count] + forms.pasted.told


def offer_to_paste(request: HttpRequest, parent: Page, page_class: type[Page]) -> None:
    """On the empty form of a new article."""
    if request.method == "GET" and page_class is ArticlePage and may_add_below(parent, request.user):
        leads_to = messages.button(reverse(PASTE, args=[parent.pk]), "Start from a pasted text")
        messages.info(request, "Is the text written already, in Word or on a page?", buttons=[leads_to])


urlpatterns = [
    path("pages/<int:page_id>/paste/", paste, name=PASTE),
    path("pasted/<int:text_id>/", confirm, name=CONFIRM),
]
