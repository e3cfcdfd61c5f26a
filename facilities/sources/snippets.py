"""How staff find and enter sources, also from within a page."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from wagtail.snippets.views.chooser import (
    SnippetChooserViewSet,
    SnippetChosenMultipleView,
    SnippetChosenView,
    SnippetCreateView,
)
from wagtail.snippets.views.snippets import SnippetViewSet

from facilities.sources.models import Source
from facilities.widgets import DayInput


class NewSourceForm(forms.ModelForm):
    class Meta:
        model = Source
        fields = ["title", "authors", "publisher", "kind", "year", "url", "accessed_on"]
        widgets = {"accessed_on": DayInput}

    def _get_validation_exclusions(self) -> set[str]:
        """The day of the last check follows from the day of reading, and is compared with it."""
        return super()._get_validation_exclusions() - {"checked_on"}


class WithLabel:
    """Tells the editor what to show where a chosen source is cited."""

    def get_chosen_response_data(self, item: Source) -> dict[str, Any]:
        return super().get_chosen_response_data(item) | {"label": item.label}


class ChosenView(WithLabel, SnippetChosenView):
    pass


class ChosenMultipleView(WithLabel, SnippetChosenMultipleView):
    pass


class CreateView(WithLabel, SnippetCreateView):
    pass


class SourceChooserViewSet(SnippetChooserViewSet):
    creation_form_class = NewSourceForm
    chosen_view_class = ChosenView
    chosen_multiple_view_class = ChosenMultipleView
    create_view_class = CreateView

    def get_object_list(self) -> QuerySet[Source]:
        """Nobody cites anew what a newer source has replaced."""
        return Source.objects.filter(superseded_by=None)


class SourceViewSet(SnippetViewSet):
    model = Source
    icon = "doc-full"
    add_to_admin_menu = True
    menu_order = 230
    list_display = ["title", "publisher", "year", "accessed_on", "checked_on"]
    list_filter = ["kind"]
    chooser_viewset_class = SourceChooserViewSet
