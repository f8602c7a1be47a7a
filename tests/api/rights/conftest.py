import logging

import pytest
from django.db import transaction

from programs.models import Change

from .world import made_world


@pytest.fixture(scope="module")
def media(tmp_path_factory):
    """A folder of this module's own for the photos of the world."""
    from django.conf import settings

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "MEDIA_ROOT", tmp_path_factory.mktemp("media"))
        yield


@pytest.fixture(scope="module")
def quiet():
    """Thousands of refusals are no news."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, media, quiet):
    """One world for all calls of a module; what a call changes is undone before the next."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = made_world()
        Change.objects.update(xid=0)  # as if committed: the feed ends below open transactions
        yield made
        transaction.set_rollback(True)
