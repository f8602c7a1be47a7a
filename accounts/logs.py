"""No secret of a one-time link in the log: Django names the address of every refused request."""

import logging
import re

_SECRET = re.compile(r"(/masuk/tautan/)[^/\s]+")


class WithoutSecrets(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if "/masuk/tautan/" in text:
            record.msg, record.args = _SECRET.sub(r"\1…", text), ()
        return True
