"""Makes the tables and the page: `python -m benchmarks.wagtail_form.prepare`."""

import django
from django.core.management import call_command

from benchmarks.visitors import FORM

QUESTIONS = {
    "phone": "singleline",
    "name": "singleline",
    "about": "singleline",
    "times": "multiline",
    "time_zone": "singleline",
    "voicemail": "singleline",
    "text": "singleline",
    "if_other_answers": "singleline",
    "language": "singleline",
    "note": "multiline",
    "consent": "checkbox",
}


def main() -> None:
    django.setup()
    from wagtail.models import Page, Site

    from benchmarks.wagtail_form.models import FormField, FormPage

    call_command("migrate", run_syncdb=True, verbosity=0)
    root = Page.objects.get(depth=1)
    home = root.add_child(instance=Page(title="Home", slug="benchmark"))
    page = home.add_child(instance=FormPage(title="Ask for a call", slug=FORM.strip("/")))
    for name, kind in QUESTIONS.items():
        FormField.objects.create(page=page, label=name, field_type=kind, required=name in ("phone", "consent"))
    Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "localhost", "root_page": home})


if __name__ == "__main__":
    main()
