"""Addresses that every page leads to, whether staff have written the page there or not yet; in English."""

from django.urls import path

from facilities.pages import views

app_name = "facilities"

urlpatterns = [
    path("facilities/", views.facility_list, name="facility_list"),
    path("facilities/<slug:slug>/", views.facility, name="facility"),
]
