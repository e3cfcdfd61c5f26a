"""How staff find and enter sources, also from within a page."""

from django import forms
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.views.snippets import SnippetViewSet

from facilities.sources.models import Source
from facilities.widgets import DayInput


class NewSourceForm(forms.ModelForm):
    class Meta:
        model = Source
        fields = ["publisher", "title", "year", "url", "accessed_on"]
        widgets = {"accessed_on": DayInput}


class SourceChooserViewSet(SnippetChooserViewSet):
    creation_form_class = NewSourceForm


class SourceViewSet(SnippetViewSet):
    model = Source
    icon = "doc-full"
    add_to_admin_menu = True
    menu_order = 230
    list_display = ["title", "publisher", "year", "accessed_on"]
    chooser_viewset_class = SourceChooserViewSet
