"""Role `cms`: the editor; the public pages come along so that it can preview them."""

from config.urls import parts

urlpatterns = parts.machines + parts.callbacks_elsewhere + parts.staff_sign_in + parts.cms + parts.pages
handler400, handler403, handler404, handler500, handler429 = parts.error_handlers
