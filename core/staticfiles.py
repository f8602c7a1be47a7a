"""Static files as they are served in earnest: joined, named by content, packed."""

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.base import ContentFile
from django.templatetags.static import static
from whitenoise.storage import CompressedManifestStaticFilesStorage

from . import packing


def addresses(name: str, *, whole: bool = False) -> list[str]:
    """Where a part of settings.PACKED lies: one address when joined, else what a page has to name;
    `whole` adds the modules that its script imports by itself.
    """
    if getattr(staticfiles_storage, "joins", False):
        return [static(name)]
    parts = settings.PACKED[name]
    if isinstance(parts, str):
        parts = packing.needed(parts) if whole else [parts]
    return [static(part) for part in parts]


class JoiningStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Joins settings.PACKED before files get their names; what was joined is not kept apart."""

    joins = True

    def post_process(self, paths, dry_run=False, **options):
        if not dry_run:
            paths = self._join(dict(paths))
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _join(self, paths: dict) -> dict:
        for name, parts in settings.PACKED.items():
            if isinstance(parts, str):
                text, gone = packing.script(parts), packing.needed(parts)
            else:
                text, gone = packing.sheet(parts), list(parts)
            for part in gone:
                self.delete(part)
                paths.pop(part, None)
            self.delete(name)
            self._save(name, ContentFile(text.encode()))
            paths[name] = (self, name)
        return paths
