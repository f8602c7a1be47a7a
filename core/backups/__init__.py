"""Backup and restore (docs/backup.md, docs/decisions/0019-backup.md).

Nothing is written unencrypted, nothing is trusted before it was verified, and nothing old is given
up before something new stands.
"""
