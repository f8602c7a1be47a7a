"""The short code on a document: random, easy to read aloud, and not to be guessed."""

import secrets

#: Without signs that are read for one another (0 O, 1 I L, 2 Z, 5 S, 8 B).
ALPHABET = "34679ACDEFGHJKMNPQRTUVWXY"
LENGTH = 10  # 25 to the tenth: nearly a hundred million million codes
HALF = LENGTH // 2


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))


def grouped(code: str) -> str:
    """As it is printed: K7QXM-3PT9R."""
    return f"{code[:HALF]}-{code[HALF:]}"


def plain(text: str) -> str:
    """The code that somebody typed, "" when it can be none."""
    code = text.upper().replace("-", "").replace(" ", "")
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""
