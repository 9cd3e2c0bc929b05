"""What can be asked of files from strangers on the command line."""

import argparse
from typing import TYPE_CHECKING

from desk.strangers import commands

if TYPE_CHECKING:
    from desk.cli import Parser


def add(commands_: "argparse._SubParsersAction[Parser]") -> None:
    """Add `look`, `preview`, `metadata` and `clean`."""
    what = "tell what the files of a case are, and what to beware of"
    look = commands_.add_parser("look", help=what, description=what)
    look.set_defaults(run=commands.run_look)
    what = "tell what a file carries besides what it shows"
    metadata = commands_.add_parser("metadata", help=what, description=what)
    metadata.set_defaults(run=commands.run_metadata)
    what = "save a picture, the text or the sound of a file, made anew: PNG, text or WAV, readable"
    preview = commands_.add_parser("preview", help=what, description=what)
    preview.set_defaults(run=commands.run_preview)
    what = "save a copy of a file without what it carries, readable"
    clean = commands_.add_parser("clean", help=what, description=what)
    clean.set_defaults(run=commands.run_clean)
    for parser in (look, metadata, preview, clean):
        parser.add_argument("case", metavar="CASE", help="a case's name or its first letters")
        parser.add_argument("--json", action="store_true", help="write JSON")
        what = "open files without bubblewrap too, where it is missing: under limits alone"
        parser.add_argument("--limits-only", action="store_true", help=what)
    for parser in (metadata, preview, clean):
        parser.add_argument("number", metavar="N", type=int, help="the file's number, as `look` shows it")
    for parser in (preview, clean):
        parser.add_argument("--out", required=True, metavar="FILE", help="a new file")
    what = "the part: a page of a PDF, four minutes of sound (default: 1)"
    preview.add_argument("--part", metavar="P", type=int, default=1, help=what)
    preview.add_argument("--blurred", action="store_true", help="of a picture only its colours")
