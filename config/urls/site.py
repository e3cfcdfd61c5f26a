"""Role `site`: the public pages, the callback form and the receipts."""

from config.urls import parts

urlpatterns = parts.machines + parts.callbacks + parts.pages
handler400, handler403, handler404, handler500, handler429 = parts.error_handlers
