"""Many small files become one, and still do what they did."""

import re
import shutil
import subprocess

import pytest
from django.conf import settings

from core import packing

PARTS = {
    "main.js": """// begins here
import { double as twice, THREE } from "./numbers.js";
import * as words from "./words.js";
import {
  Box,
} from "./box.js";

const later = () => import("./later.js");

console.log(twice(THREE), words.hello(), new Box(4).size, words.again());
later().then(async (page) => console.log(await page.start()));
console.log("before it");
""",
    "numbers.js": """/** Three. */
export const THREE = 3;

/** Doubles
 * what it gets. */
export function double(n) {
  return 2 * n; // stays
}
""",
    "words.js": """import { double } from "./numbers.js";
const hello = () => "halo" + double(1);
const url = "http://example.org";
export { hello, url as address };
export { double as two, THREE as drei } from "./numbers.js";
export const again = () => `${url} // stays`.length;
""",
    "box.js": "export class Box {\n  constructor(size) {\n    this.size = size;\n  }\n}\n",
    "later.js": 'console.log("later");\nexport async function start() {\n  return "started";\n}\n',
}


@pytest.fixture
def written(tmp_path, settings):
    """`written(files)` → a folder of static files."""
    settings.STATICFILES_DIRS = [tmp_path]

    def written(files):
        for name, text in files.items():
            (tmp_path / "js").mkdir(exist_ok=True)
            (tmp_path / "js" / name).write_text(text)

    return written


@pytest.mark.skipif(not shutil.which("node"), reason="Node runs the joined script")
def test_joined_script_does_what_its_parts_did(written, tmp_path):
    written(PARTS)
    joined = tmp_path / "joined.mjs"
    joined.write_text(packing.script("js/main.js"))
    (tmp_path / "js" / "package.json").write_text('{"type": "module"}')

    def said(path):
        return subprocess.run(["node", path], capture_output=True, text=True, check=True).stdout

    assert said(joined) == said(tmp_path / "js" / "main.js")
    assert "later" in said(joined)


def test_joined_script_holds_each_module_once_and_no_comment_line(written):
    written(PARTS)
    text = packing.script("js/main.js")

    assert text.count("return 2 * n; // stays") == 1
    assert "begins here" not in text
    assert "what it gets" not in text
    assert "import(" not in text


@pytest.mark.parametrize("line", ["export let now = 1;", "export default 1;", "export * from 'x';"])
def test_what_cannot_be_joined_is_refused(written, line):
    written({"main.js": f"{line}\n"})

    with pytest.raises(ValueError, match="main.js"):
        packing.script("js/main.js")


def test_sheets_are_joined_in_their_order(written):
    written({"a.css": "a{}\n", "b.css": "b{}\n"})

    assert packing.sheet(["js/b.css", "js/a.css"]) == "b{}\na{}\n"


def test_no_page_names_a_file_that_was_joined():
    """A joined part has no address of its own once collectstatic has run: such a page would fail
    on the server only.
    """
    parts = {
        part
        for named in settings.PACKED.values()
        for part in ([named, *packing.needed(named)] if isinstance(named, str) else named)
    }
    linked = {
        (str(page), part)
        for page in (settings.BASE_DIR / "templates").rglob("*.html")
        for part in re.findall(r"""{%\s*static ['"]([^'"]+)['"]""", page.read_text())
    }
    assert len(linked) > 20
    assert [found for found in linked if found[1] in parts] == []
