"""The first-run page: a manager says who the facility is and who answers its phone, and the site is there."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.text import slugify
from wagtail.models import Page, Site

from facilities.directory.models import Facility, PhoneHours, PhoneLine, check_postal_code
from facilities.pages.models import ArticleIndexPage, HomePage
from facilities.pages.places import FacilityIndexPage, FacilityPage
from facilities.pages.site_settings import SiteSettings
from facilities.widgets import ClockInput
from facilities.wording import complaints

NAME = "first_steps"
NEEDED = ("facilities.change_sitesettings", "facilities.add_facility", "facilities.add_phoneline")
EVERY_DAY = [str(day) for day in PhoneHours.Weekday.values]


def field_of(model: type, name: str, **changes: Any) -> forms.Field:
    return model._meta.get_field(name).formfield(**changes)


class FirstSteps(forms.Form):
    """What every page of the site rests on. All of it can be changed afterwards, each thing where it is kept."""

    name = field_of(Facility, "name", label="Name of the facility")
    street = field_of(Facility, "street")
    city = field_of(Facility, "city")
    state = field_of(Facility, "state")
    postal_code = field_of(Facility, "postal_code", validators=[check_postal_code])
    time_zone = field_of(Facility, "time_zone", initial="America/Los_Angeles")
    licence = field_of(Facility, "licence")
    owner = field_of(Facility, "owner")
    number = field_of(PhoneLine, "number", label="Number that people call")
    answered_by = field_of(PhoneLine, "answered_by")
    days = forms.MultipleChoiceField(
        choices=PhoneHours.Weekday.choices,
        initial=EVERY_DAY,
        widget=forms.CheckboxSelectMultiple,
        label="Days on which it is answered",
    )
    opens = field_of(PhoneHours, "opens", widget=ClockInput)
    closes = field_of(
        PhoneHours,
        "closes",
        widget=ClockInput,
        help_text="12:00 AM is the midnight after it opens. Days can differ later.",
    )
    heading = field_of(HomePage, "heading", label="What the home page says first", help_text="")
    summary = field_of(HomePage, "summary", label="What you do, in a few plain sentences", help_text="")

    def clean_name(self) -> str:
        if not slugify(self.cleaned_data["name"]):
            raise ValidationError("Write the name in letters: the address of its page is made of it.")
        return self.cleaned_data["name"]

    def clean(self) -> dict[str, Any]:
        """Whatever the public reads is looked at as when a page is published."""
        cleaned = super().clean()
        for name in ("name", "heading", "summary"):
            if found := complaints(cleaned.get(name, "")):
                self.add_error(name, found)
        self._check(PhoneLine(**self._part("number", "answered_by")))
        if cleaned.get("opens") and cleaned.get("closes") is not None:
            self._check(PhoneHours(**self._part("opens", "closes")))
        return cleaned

    def _part(self, *names: str) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}

    def _check(self, row: PhoneLine | PhoneHours) -> None:
        try:
            row.clean()
        except ValidationError as error:
            self.add_error(None, error)  # each at its field

    @transaction.atomic
    def save(self, *, by: User, host: str, port: int) -> None:
        """Does nothing where somebody else was faster."""
        site = Site.objects.select_for_update().get(is_default_site=True)
        if not is_needed():
            return
        line = self._line()
        facility = Facility.objects.create(
            **self._part("name", "street", "city", "state", "postal_code", "time_zone", "licence", "owner"),
            slug=slugify(self.cleaned_data["name"])[:50],
            phone_line=line,
        )
        site.hostname, site.port, site.root_page = host, port, self._pages(by, facility)
        site.site_name = facility.name
        site.save()
        kept = {"site_name": facility.name[:60], "facility": facility, "phone_line": line}
        SiteSettings.objects.update_or_create(site=site, defaults=kept)

    def _line(self) -> PhoneLine:
        line = PhoneLine(label="Admissions", **self._part("number", "answered_by", "time_zone"))
        hours = self._part("opens", "closes")
        line.hours = [PhoneHours(weekday=int(day), **hours) for day in self.cleaned_data["days"]]
        line.save()
        return line

    def _pages(self, by: User, facility: Facility) -> HomePage:
        """The home page, the place and the list of articles, instead of Wagtail's welcome page."""
        root = Page.objects.get(depth=1)
        welcome = list(root.get_children().exclude(content_type__app_label="facilities"))
        home = HomePage(title=self.cleaned_data["name"], slug="start", **self._part("heading", "summary"))
        root.add_child(instance=home)
        places = FacilityIndexPage(title="Our center", show_in_menus=True)
        home.add_child(instance=ArticleIndexPage(title="Learn", slug="learn", show_in_menus=True))
        home.add_child(instance=places)
        place = FacilityPage(title=self.cleaned_data["name"], facility=facility, **self._part("summary"))
        places.add_child(instance=place)
        for page in home.get_descendants(inclusive=True).specific():
            # Before there is a site, there is no second person who could approve it.
            page.save_revision(user=by).publish(user=by, skip_permission_checks=True)
        Site.objects.filter(root_page__in=welcome).update(root_page=home)  # else they would go with it
        for page in welcome:
            Page.objects.get(pk=page.pk).delete()
        return HomePage.objects.get(pk=home.pk)


def is_needed() -> bool:
    return not HomePage.objects.exists()


def address_for(user: User) -> str:
    """Where somebody who signs in is led while the site is not there yet; "" for everybody else."""
    return reverse(NAME) if user.has_perms(NEEDED) and is_needed() else ""


def first_steps(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perms(NEEDED):
        raise PermissionDenied
    if not is_needed():
        return redirect("wagtailadmin_home")
    form = FirstSteps(request.POST or None)
    if form.is_valid():
        host = request.get_host().rpartition(":")[0] or request.get_host()
        form.save(by=request.user, host=host, port=443 if request.is_secure() else 80)
        messages.success(request, "The site is there, and people can ask for a call. Write its pages next.")
        return redirect("wagtailadmin_home")
    return render(request, "facilities/first_steps.html", {"form": form}, status=422 if form.errors else 200)


urlpatterns = [path("first-steps/", first_steps, name=NAME)]
