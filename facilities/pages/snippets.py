"""How staff find topics in the editor."""

from wagtail.admin.panels import FieldPanel, TitleFieldPanel
from wagtail.snippets.views.snippets import SnippetViewSet

from facilities.pages.topics import Topic


class TopicViewSet(SnippetViewSet):
    model = Topic
    icon = "tag"
    add_to_admin_menu = True
    menu_order = 235
    list_display = ["name", "slug"]
    panels = [TitleFieldPanel("name"), FieldPanel("slug")]
