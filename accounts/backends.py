"""Who may come in with her password, and go on with her session."""

from django.contrib.auth.backends import ModelBackend


class PersonBackend(ModelBackend):
    """Django's, asking the person whether her account is open here."""

    def user_can_authenticate(self, user) -> bool:
        return user.may_enter
