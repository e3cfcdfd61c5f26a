"""Fields of the editor that everybody reads and only some may change."""

from typing import Any

from django.utils.text import capfirst
from wagtail.admin.panels import FieldPanel

WHO_CHANGES_IT = "Only a manager changes this. Tell one if it is wrong."


class GuardedPanel(FieldPanel):
    """A field of which the form has nothing for those without its `permission`: they read it, and who may change it.

    Wagtail's own FieldPanel hides it from them, so that an editor could not say that a number is wrong.
    """

    class BoundPanel(FieldPanel.BoundPanel):
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            if self.form is not None and self.bound_field is None:
                self.read_only = True
                self.heading = self.panel.heading or capfirst(self.panel.db_field.verbose_name)
                self.help_text = WHO_CHANGES_IT

        def is_shown(self) -> bool:
            return self.read_only or super().is_shown()
