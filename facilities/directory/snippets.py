"""How staff find the facts in the editor: a menu item each, and lists that show what one looks for."""

from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.views.snippets import RevisionsCompareView, SnippetViewSet

from facilities.directory.claims import Claim
from facilities.directory.fact import Fact
from facilities.directory.levels import LevelOfCare
from facilities.directory.models import CrisisLine, Facility, PhoneLine
from facilities.directory.payers import Payer
from facilities.directory.rates import Rate
from facilities.directory.referral import ReferralPlace


class LiveChooserViewSet(SnippetChooserViewSet):
    """Nobody chooses what nobody may read yet."""

    def get_object_list(self) -> QuerySet[Fact]:
        return self.model.objects.live()


class CompareView(RevisionsCompareView):
    """Whoever reads a fact sees what changed in it: who approves it may not be one who changes it."""

    permission_required = None
    any_permission_required = ("view", "change")

    def get_edit_url(self) -> str | None:
        return super().get_edit_url() if self.user_has_permission("change") else None

    def get_history_url(self) -> str | None:
        return super().get_history_url() if self.user_has_permission("change") else None


class FactViewSet(SnippetViewSet):
    """A fact is entered once. Wagtail would offer a copy with the links of the review that the first one is in."""

    copy_view_enabled = False
    revisions_compare_view_class = CompareView


class PhoneLineViewSet(FactViewSet):
    model = PhoneLine
    chooser_viewset_class = LiveChooserViewSet
    icon = "comment"
    add_to_admin_menu = True
    menu_order = 200
    list_display = ["label", "number", "answered_by"]


class CrisisLineViewSet(FactViewSet):
    model = CrisisLine
    icon = "warning"
    add_to_admin_menu = True
    menu_order = 210
    list_display = ["label", "number", "in_strip", "checked_on"]


class FacilityViewSet(FactViewSet):
    model = Facility
    chooser_viewset_class = LiveChooserViewSet
    icon = "home"
    add_to_admin_menu = True
    menu_order = 220
    list_display = ["name", "city", "state", "phone_line"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Facility]:
        return Facility.objects.select_related("phone_line")


class ClaimViewSet(FactViewSet):
    model = Claim
    chooser_viewset_class = LiveChooserViewSet
    icon = "calendar-check"
    add_to_admin_menu = True
    menu_order = 225
    list_display = ["wording", "kind", "state", "expires_on", "owner"]
    list_select_related = ["owner"]


class PayerViewSet(SnippetViewSet):
    model = Payer
    icon = "tag"
    add_to_admin_menu = True
    menu_order = 240
    list_display = ["name", "other_names", "provider_phone", "behavioural_phone"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Payer]:
        return Payer.objects.prefetch_related("aliases")


class LevelOfCareViewSet(SnippetViewSet):
    model = LevelOfCare
    icon = "list-ol"
    add_to_admin_menu = True
    menu_order = 245
    list_display = ["name", "code", "edition", "care"]


class RateViewSet(SnippetViewSet):
    model = Rate
    icon = "tag"
    add_to_admin_menu = True
    menu_order = 246
    list_display = ["facility", "level", "payer", "billed", "self_pay", "allowed", "valid_from", "valid_to"]


class ReferralPlaceViewSet(SnippetViewSet):
    model = ReferralPlace
    icon = "redirect"
    add_to_admin_menu = True
    menu_order = 250
    list_display = ["name", "kind", "phone", "takes", "verified_on"]
