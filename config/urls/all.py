"""Role `all`: everything in one process group."""

from django.urls import path

from config.edge.addresses import DESK, route
from config.urls import parts
from intake.admin import desk_site

desk = [path(route(DESK), desk_site.urls)]

urlpatterns = parts.machines + parts.callbacks + parts.staff_sign_in + desk + parts.cms + parts.pages
handler400, handler403, handler404, handler500, handler429 = parts.error_handlers
