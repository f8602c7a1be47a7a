"""How bodies are read; apart from core.api, which the views themselves load."""

from json import JSONDecodeError

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class BoundedJSONParser(JSONParser):
    """JSON that is nested beyond reason is unreadable, not a breakdown."""

    def parse(self, stream, media_type=None, parser_context=None):
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError(_("The JSON is nested too deeply.")) from error
        except ParseError as error:
            raise ParseError(_words(error.__context__)) from error


def _words(cause: BaseException | None) -> str:
    """Where the JSON breaks off being JSON."""
    if isinstance(cause, UnicodeDecodeError):
        return _("The body is not UTF-8.")
    if isinstance(cause, JSONDecodeError):
        place = {"line": cause.lineno, "column": cause.colno}
        return _("The JSON cannot be read at line %(line)s, column %(column)s.") % place
    return _("The JSON holds a value that cannot be read, such as NaN or an endless number.")
