"""The office's pages about privacy."""

from django.urls import path

from . import views

urlpatterns = [path("kelola/privasi/", views.privacy, name="privacy")]
