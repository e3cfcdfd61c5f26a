"""As in Wagtail's manual (docs.wagtail.org, "Form builder")."""

from modelcluster.fields import ParentalKey
from wagtail.contrib.forms.models import AbstractForm, AbstractFormField


class FormField(AbstractFormField):
    page = ParentalKey("FormPage", related_name="form_fields")


class FormPage(AbstractForm):
    template = landing_page_template = "form_page.html"
