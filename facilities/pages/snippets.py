"""How staff find topics and the settings of a site in the editor."""

from wagtail.admin.panels import FieldPanel, TitleFieldPanel
from wagtail.snippets.views.snippets import SnippetViewSet

from facilities.directory.snippets import FactViewSet
from facilities.pages.site_settings import SiteSettings
from facilities.pages.topics import Topic


class TopicViewSet(SnippetViewSet):
    model = Topic
    icon = "tag"
    add_to_admin_menu = True
    menu_order = 235
    list_display = ["name", "slug"]
    panels = [TitleFieldPanel("name"), FieldPanel("slug")]


class SiteSettingsViewSet(FactViewSet):
    model = SiteSettings
    icon = "cog"
    add_to_settings_menu = True
    list_display = ["site_name", "phone_line", "facility", "leave_address"]
    list_select_related = ["site", "phone_line", "facility"]
