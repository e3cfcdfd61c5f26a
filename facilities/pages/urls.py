"""The way out, under each language's addresses."""

from django.urls import path

from facilities.pages import views

app_name = "leaving"

urlpatterns = [path("leave", views.leave, name="leave")]
