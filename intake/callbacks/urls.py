"""Addresses of the visitor's side."""

from django.urls import path, re_path

from intake.callbacks import card_views, receipt_views, views

app_name = "intake"

urlpatterns = [
    path("request-a-call/", views.request_callback, name="request_callback"),
    path("staying-safe-here/", views.staying_safe, name="staying_safe"),
    re_path(r"^request/(?P<token>[\w-]{1,64})/$", receipt_views.receipt, name="receipt"),
    re_path(r"^request/(?P<token>[\w-]{1,64})/change/$", receipt_views.change, name="change"),
    re_path(r"^request/(?P<token>[\w-]{1,64})/insurance/$", receipt_views.insurance, name="insurance"),
    re_path(r"^request/(?P<token>[\w-]{1,64})/insurance/(?P<side>front|back)/$", card_views.card, name="card"),
]
