"""The command `meebeslis`: the same steps as the pages, for operators, scripts and checks.

Exit 0: done; 1: refused or not true, one plain sentence on standard error; 2: wrong usage. The last line on
standard output is the result.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from deploy.settings import CannotStart
from grants.errors import Refusal

Run = Callable[[argparse.Namespace], int]

ROLES = ("applicant", "officer", "finance", "auditor")
RULES = (
    "equal-shares", "equal-shares-add1", "equal-shares-least", "ranked", "greedy", "greedy-per-euro", "phragmen",
)  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    arguments = _parser().parse_args(argv)
    try:
        run: Run = arguments.run
        return run(arguments)
    except CannotStart as failure:
        print(failure, file=sys.stderr)
    except Refusal as refusal:
        from grants.web.say import say

        print(say(refusal.said, _language()), file=sys.stderr)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as failure:
        print(f"{failure.filename or ''}: {failure.strerror or failure}".lstrip(": "), file=sys.stderr)
    return 1


def _language() -> str:
    return "en" if os.environ.get("LANG", "").startswith("en") else "nl"


def _counting(name: str) -> Run:
    """A command that needs no database; what it needs is loaded when it is called."""

    def run(arguments: argparse.Namespace) -> int:
        from deploy import counting

        handler: Run = getattr(counting, name)
        return handler(arguments)

    return run


def _drawing(arguments: argparse.Namespace) -> int:
    from deploy import drawing

    return drawing.draw(arguments)


def _commands(name: str) -> Run:
    """A command on the database."""

    def run(arguments: argparse.Namespace) -> int:
        from deploy import commands

        return commands.run(name, arguments)

    return run


def _serving(name: str) -> Run:
    def run(arguments: argparse.Namespace) -> int:
        from deploy import serving

        handler: Run = getattr(serving, name)
        return handler(arguments)

    return run


def _theming(name: str) -> Run:
    def run(arguments: argparse.Namespace) -> int:
        from deploy import theme

        handler: Run = getattr(theme, name)
        return handler(arguments)

    return run


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="meebeslis", description=__doc__.splitlines()[0] if __doc__ else None
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _service(commands)
    _funds_and_rounds(commands)
    _counts(commands)
    _draws(commands)
    _checks(commands)
    return parser


if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - it has no public name


def _add(commands: Commands, name: str, run: Run, help: str) -> argparse.ArgumentParser:  # noqa: A002
    made: argparse.ArgumentParser = commands.add_parser(name, help=help, description=help)
    made.set_defaults(run=run)
    return made


def _year(text: str) -> int:
    if not re.fullmatch("2[01][0-9]{2}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no year between 2000 and 2199")
    return int(text)


def _service(commands: Commands) -> None:
    serve = _add(commands, "serve", _serving("serve"), "the web service, worker included")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--workers", type=int, default=1, help="processes")
    serve.add_argument("--no-worker", action="store_true", help="post no letters from here")
    worker = _add(commands, "worker", _serving("work"), "posts letters; any number of nodes")
    worker.add_argument("--once", action="store_true", help="post what is due and end")
    _add(commands, "migrate", _serving("migrate"), "brings the schema up to date; safe to run twice")
    _add(commands, "demo", _serving("demo"), "fills an empty database with demo data")


def _funds_and_rounds(commands: Commands) -> None:
    role = commands.add_parser("role", help="roles on the municipality's side").add_subparsers(
        required=True, metavar="COMMAND"
    )
    for name, help_ in (
        ("grant", "gives somebody a role"),
        ("end", "ends a role, and the person's sessions"),
    ):
        made = _add(role, name, _commands(f"role_{name}"), help_)
        made.add_argument("email")
        made.add_argument("role", choices=ROLES)
    fund = commands.add_parser("fund", help="funds").add_subparsers(required=True, metavar="COMMAND")
    load = _add(fund, "load", _commands("fund_load"), "creates or updates a fund from its file")
    load.add_argument("file")
    importing = _add(
        commands, "import-pb", _commands("import_pb"), "makes a closed round from a real election's .pb file"
    )
    importing.add_argument("file")
    importing.add_argument("--fund", required=True, metavar="SLUG")
    importing.add_argument("--year", required=True, type=_year)
    importing.add_argument("--mail-domain", default="voorbeeld.example")
    importing.add_argument(
        "--seed", default="", help="numbers for the lot; default: drawn from the file itself"
    )
    rounds = commands.add_parser("round", help="the path after the ballots").add_subparsers(
        required=True, metavar="COMMAND"
    )
    opening = _add(rounds, "open", _commands("round_open"), "freezes the rules and opens a round")
    opening.add_argument("fund", metavar="SLUG")
    opening.add_argument("year", type=_year)
    for name, help_ in (
        ("count", "counts the ballots and hands the advice over"),
        ("decide", "signs every decision as advised"),
        ("announce", "announces every decision"),
        ("publish", "publishes the results"),
    ):
        made = _add(rounds, name, _commands(f"round_{name}"), help_)
        made.add_argument("round")
        if name == "count":
            made.add_argument("--rule", choices=RULES)
            made.add_argument("--json", action="store_true")
    year = commands.add_parser("year", help="years").add_subparsers(required=True, metavar="COMMAND")
    close = _add(year, "close", _commands("year_close"), "carries what is left to the next year")
    close.add_argument("year", type=_year)
    close.add_argument("--decision", required=True, metavar="REF")
    close.add_argument("--fund", metavar="SLUG", help="only this fund; default: all funds")


def _counts(commands: Commands) -> None:
    count = _add(commands, "count", _counting("count"), "counts a .pb file; no database")
    count.add_argument("file")
    count.add_argument("--rule", choices=RULES, required=True)
    count.add_argument("--ties", default="lot:0", help="lot:SEED (our own order), lex or rev (ids as text)")
    count.add_argument("--json", action="store_true")
    for name, help_ in (
        ("recount", "recomputes a published count from its public record alone"),
        ("certify", "checks the stability certificate of an Equal Shares outcome without running the rule"),
    ):
        made = _add(commands, name, _counting(name), help_)
        made.add_argument("file")


def _draws(commands: Commands) -> None:
    draw = _add(
        commands, "draw", _drawing, "the committee draw: every panel that meets the plan is as likely"
    )
    draw.add_argument("pool", metavar="POOL.csv")
    draw.add_argument("--plan", metavar="PLAN.toml", required=True)
    draw.add_argument(
        "--seed", metavar="TEXT", required=True, help="the public numbers, as RFC 3797 writes them"
    )
    draw.add_argument("--panels", metavar="PANELS.csv", help="draw from this list, made by another tool")
    draw.add_argument("--json", action="store_true")


def _checks(commands: Commands) -> None:
    ledger = commands.add_parser("ledger", help="the pots").add_subparsers(required=True, metavar="COMMAND")
    _add(ledger, "check", _commands("ledger_check"), "recomputes every pot from its entries")
    journal = commands.add_parser("journal", help="the journal").add_subparsers(
        required=True, metavar="COMMAND"
    )
    _add(journal, "verify", _commands("journal_verify"), "checks the hash chain")
    mail = commands.add_parser("mail", help="letters").add_subparsers(required=True, metavar="COMMAND")
    status = _add(mail, "status", _commands("mail_status"), "queued, sent, failed, waiting for a person")
    status.add_argument("--json", action="store_true")
    theme = commands.add_parser("theme", help="the look").add_subparsers(required=True, metavar="COMMAND")
    check = _add(theme, "check", _theming("command"), "contrast of what our pages take from a theme")
    check.add_argument("file")
    check.add_argument("--class", dest="name", required=True, help="the class of the theme")


if __name__ == "__main__":
    sys.exit(main())
