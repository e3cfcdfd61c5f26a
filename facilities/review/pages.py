"""Nobody publishes a page alone. Taking one down is no publishing: it must be quick, and one person may do it."""

from django.contrib.auth.models import User
from wagtail.models import Page
from wagtail.models.pages import PagePermissionTester

TAKES_DOWN = "lock"  # who may hold a page as it is may also take it down; Wagtail asks for the right to publish


class TakesTwo:
    """For a page type, before Page."""

    def permissions_for_user(self, user: User) -> PagePermissionTester:
        return TakesTwoTester(user, self)


class TakesTwoTester(PagePermissionTester):
    page: Page

    def can_unpublish(self) -> bool:
        is_there = self.page.live and not self.page_is_root and not self.page_locked()
        return self.user.is_active and is_there and self._may_take_down()

    def can_unschedule(self) -> bool:
        return self.user.is_active and not self.page_is_root and self._may_take_down()

    def can_reorder_children(self) -> bool:
        """The order of the menu."""
        return self.user.is_active and self._may_take_down()

    def _may_take_down(self) -> bool:
        return self.user.is_superuser or TAKES_DOWN in self.permissions


class Signed:
    """For a page type with `reviewed_by`, `last_reviewed_on` and `next_review_on`: the clinical review fills them."""
