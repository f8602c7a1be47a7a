"""The printed forms of GAP, GBS and KAK: one description of each paper (`making.paper_of`), three
writers of its texts (`pdf`, `word`, `sheet`), and the answer to whoever asks (`answer.answer`)."""
