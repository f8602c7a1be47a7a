"""What apps add to the walk, each in a module of its own.

`ROWS`: rows of the table (words of calls.py). `BODIES`: functions of (world, thing) that make what
a call sends, by their names. `make(world, word)`: adds the things behind the addresses; each call
of `word()` gives a word that nothing else carries. `LISTS`: lists with the kinds of their rows and
the name under which a row says which one it is; `FILES`: those of them that come as files too.
"""

from . import agreements, indicators, indices

NOUNS = (agreements, indicators, indices)
