"""What can be asked of `practice` on the command line, and what it says."""

import argparse
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from desk.home import Home
from desk.showing import count_text

if TYPE_CHECKING:
    from desk.cli import Parser
    from desk.practice.sends import Plan


def add(commands_: "argparse._SubParsersAction[Parser]") -> None:
    """Add `practice`."""
    what = "file invented reports into a practice desk, to train with"
    parser = commands_.add_parser("practice", help=what, description=what)
    parser.set_defaults(run=_run)
    parser.add_argument("--json", action="store_true", help="write JSON")


def _run(home: Home, given: argparse.Namespace) -> int:
    # Here alone: what draws pictures and sets type would add to what every other command needs to start.
    from desk.practice.filing import file_reports
    from desk.practice.sends import plan

    filed = file_reports(home)
    if given.json:
        print(json.dumps(asdict(filed)))
    else:
        print(f"{count_text(filed.new, 'practice send')} filed, {filed.already:,} here already")
        print(_told(plan()))
        print(f"answer case {filed.case}, export, import that on the practice site: on its page /mailbox")
        print(f"the answer opens with the words: {' '.join(filed.words)}")
    return 0


def _told(plan: "Plan") -> str:
    """Say what all of it is, since some sends are no case of their own."""
    reports, follow_ups = count_text(plan.reports, "report"), count_text(plan.follow_ups, "follow-up")
    messages = count_text(plan.messages, "message")
    return f"in all: {reports}, {plan.again} of them sent twice, {follow_ups} and {messages}"
