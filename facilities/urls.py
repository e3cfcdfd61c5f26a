"""Addresses of the public pages that are not in the page tree, in English."""

from django.urls import path

from facilities.directory import views as directory

app_name = "facilities"

urlpatterns = [
    path("facilities/", directory.facility_list, name="facility_list"),
    path("facilities/<slug:slug>/", directory.facility, name="facility"),
]
