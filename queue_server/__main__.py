"""The commands of `denluot-server`: exit 0 done, 1 a check failed, 2 bad usage or configuration."""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from queue_server import main as running
from queue_server.bookings.store import BookingsUnavailable
from queue_server.checking import LAST_BACKUP_FILE, examine
from queue_server.clock import HallClock
from queue_server.config import ConfigErrors, InitRefused, init, load
from queue_server.config import catalogue as catalogues
from queue_server.journal import backup as backups
from queue_server.journal.codec import BrokenRow, FromNewerRelease, decode_row
from queue_server.journal.export import export
from queue_server.journal.migrations import NewerSchema, NotAJournal
from queue_server.journal.port import JOURNAL_FILE, JournalUnavailable, Outrun
from queue_server.journal.stored import UnreadableFile, stored_rows
from queue_server.journal.verify import verify
from queue_server.people import command_line as people
from queue_server.people.errors import PeopleError
from queue_server.people.roles import COUNTER_ROLES, PERSON_ROLES, ROLES
from queue_server.people.store import PEOPLE_FILE
from queue_server.procedures import index, search
from queue_server.reports.definitions import FILE as DEFINITIONS_FILE
from queue_server.reports.definitions import parse_definitions
from queue_server.reports.printing import as_csv, as_json, as_table
from queue_server.reports.service_index import ServiceIndex, Story, service_index
from queue_server.restoring import BoardWalk, ChainBroken

DONE, FAILED, BAD = 0, 1, 2
PORT_MAX = 65535
GROUPINGS = ("service", "procedure", "counter", "clerk", "hour", "weekday", "day", "month", "quarter", "year")
PRINTERS: dict[str, Callable[[ServiceIndex], str]] = {"table": as_table, "json": as_json, "csv": as_csv}
WHAT_CAN_BE_DONE = (
    ConfigErrors,
    InitRefused,
    PeopleError,
    JournalUnavailable,
    NewerSchema,
    NotAJournal,
    FromNewerRelease,
    UnreadableFile,
    backups.BackupError,
    running.RunsAlready,
    BookingsUnavailable,
    OSError,
    ValueError,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; what a person can mend is told in plain words and ends with 2."""
    options = _parser().parse_args(arguments)
    try:
        result: int = options.act(options)
    except (ChainBroken, BrokenRow, Outrun) as error:
        print(error, file=sys.stderr)
        return FAILED
    except WHAT_CAN_BE_DONE as error:
        print(error, file=sys.stderr)
        return BAD
    return result


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="denluot-server", description="The queue of a public service hall.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    command = _command(commands, "init", _init, "make a hall folder; prints the one-time password of `admin`")
    command.add_argument("--profile", default="commune", help="commune (6 desks), ward, centre (60) or bench")
    command = _command(commands, "run", _run, "run the hall; prints `ready http://HOST:PORT`; SIGTERM stops it")
    command.add_argument("--host", help="address to listen on; by default that of hall.toml")
    command.add_argument("--port", type=_port, help="port to listen on, 0 for any; by default that of hall.toml")
    _command(commands, "check", _check, "say in plain words what is wrong with the hall")
    command = _command(commands, "token", _token, "print a new token for a screen, device or program; list or revoke")
    command.add_argument("--role", choices=ROLES)
    command.add_argument("--name", help="what the token is for, unique among living tokens")
    command.add_argument("--counter", type=int, help="binds a clerk or device token to one counter")
    command.add_argument("--revoke", metavar="NAME", help="end the token of this name; works while the server runs")
    command = _command(commands, "person", _person, "accounts of staff: add, reset a password, end, list")
    command.add_argument("action", choices=("add", "reset", "end", "list"))
    command.add_argument("--login")
    command.add_argument("--name")
    command.add_argument("--role", choices=PERSON_ROLES)
    command = _command(commands, "procedures", _procedures, "the catalogue: import a snapshot, undo that, list, search")
    command.add_argument("action", choices=("import", "undo", "list", "search"))
    command.add_argument("what", nargs="?", metavar="FILE|WORDS", help="the table to import, or what to search for")
    command.add_argument("--date", type=date.fromisoformat, metavar="DAY", help="the snapshot's; else the file's name")
    command.add_argument("--source", default="", help="where the snapshot is from; else the file's name")
    command.add_argument("--leave-out", action="store_true", help="import without the rows that cannot be taken")
    command = commands.add_parser("verify", help="walk the hash chain and rebuild each day's board")
    command.add_argument("source", type=Path, metavar="HALL|FILE")
    command.add_argument("--seal", help="a hash kept elsewhere; finds a cut tail and a full rewrite")
    command.set_defaults(act=_verify)
    _command(commands, "rebuild", _rebuild, "compute everything anew from the journal, and say whether it holds")
    command = _command(commands, "export", _export, "write the journal as one JSON object per line")
    command.add_argument("--to", type=Path, required=True, metavar="FILE")
    command = _command(commands, "report", _report, "waiting times, services and ratings of some days")
    command.add_argument("--from", dest="first", type=date.fromisoformat, required=True, metavar="DAY")
    command.add_argument("--to", dest="last", type=date.fromisoformat, required=True, metavar="DAY")
    command.add_argument("--by", choices=GROUPINGS, default="")
    command.add_argument("--format", choices=tuple(PRINTERS), default="table")
    command = _command(commands, "backup", _backup, "pack the hall into one file, while it runs")
    command.add_argument("file", type=Path, metavar="FILE")
    command = commands.add_parser("restore", help="make a hall folder from a backup; never overwrites")
    command.add_argument("file", type=Path, metavar="FILE")
    command.add_argument("hall", type=Path, metavar="HALL")
    command.set_defaults(act=_restore)
    return parser


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    act: Callable[[argparse.Namespace], int],
    words: str,
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=words, description=words)
    command.add_argument("hall", type=Path, metavar="HALL", help="the hall's folder")
    command.set_defaults(act=act)
    return command


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= PORT_MAX):
        raise argparse.ArgumentTypeError(f"{text!r} is no port; give a number from 0 to {PORT_MAX}")
    return int(text)


def _existing(hall: Path) -> Path:
    if not hall.is_dir():
        raise ValueError(f"there is no hall at {hall}; make one with: denluot-server init {hall}")
    return hall


def _people(options: argparse.Namespace) -> Path:
    return _existing(options.hall) / PEOPLE_FILE


def _init(options: argparse.Namespace) -> int:
    made = init(options.hall, options.profile)
    password = people.create(made.folder / PEOPLE_FILE, name="Quản trị", at=HallClock(ZoneInfo("UTC")).now())
    print(f"made hall {made.hall} in {made.folder} ({made.profile})")
    print(f"sign in as {people.FIRST_LOGIN} with the one-time password {password}")
    return DONE


def _run(options: argparse.Namespace) -> int:
    running.run(_existing(options.hall), options.host, options.port, lambda line: print(line, flush=True))
    return DONE


def _check(options: argparse.Namespace) -> int:
    found = examine(_existing(options.hall), HallClock(ZoneInfo("UTC")).now())
    for finding in found:
        print(finding)
    return FAILED if any(finding.is_fault for finding in found) else DONE


def _token(options: argparse.Namespace) -> int:
    at = HallClock(ZoneInfo("UTC")).now()
    if options.revoke is not None:
        people.revoke_token(_people(options), options.revoke, at=at)
        return DONE
    if options.role is None and options.name is None:
        for line in people.list_tokens(_people(options), at=at):
            print(line.name, line.role, line.counter or "")
        return DONE
    if options.role is None or options.name is None:
        raise ValueError("a token needs --role and --name; without both, the living tokens are listed")
    if options.counter is not None and options.role in COUNTER_ROLES:
        _expect_counter(options.hall, options.counter)
    print(people.issue_token(_people(options), role=options.role, name=options.name, counter=options.counter, at=at))
    return DONE


def _expect_counter(hall: Path, counter: int) -> None:
    """Nothing when `hall.toml` has this counter, else ValueError: its token would be refused wherever it is used."""
    numbers = sorted(one.number for one in load(hall).rules.counters)
    if counter not in numbers:
        known = _in_runs(numbers)
        raise ValueError(
            f"không có quầy {counter}; hall.toml có các quầy: {known} — "
            f"there is no counter {counter}; hall.toml has the counters {known}"
        )


def _in_runs(numbers: Iterable[int]) -> str:
    """Rising numbers as people write them: `1-6, 9`."""
    runs = groupby(enumerate(numbers), lambda placed: placed[1] - placed[0])
    ends = [(run[0], run[-1]) for run in ([number for _, number in members] for _, members in runs)]
    return ", ".join(f"{first}" if first == last else f"{first}-{last}" for first, last in ends)


def _person(options: argparse.Namespace) -> int:
    at, path, login = HallClock(ZoneInfo("UTC")).now(), _people(options), options.login
    if options.action == "list":
        for line in people.list_people(path, at=at):
            print(line.login, line.role, line.name)
        return DONE
    if login is None:
        raise ValueError(f"which account? person {options.action} needs --login")
    if options.action == "end":
        people.end_person(path, login, at=at)
    elif options.action == "reset":
        print(people.reset_password(path, login, at=at))
    elif options.name is None or options.role is None:
        raise ValueError("an account needs --login, --name and --role")
    else:
        print(people.add_person(path, login=login, name=options.name, role=options.role, at=at))
    return DONE


def _procedures(options: argparse.Namespace) -> int:
    hall, today = _existing(options.hall), HallClock(ZoneInfo("UTC")).now().date()
    if options.action in {"import", "search"} and not options.what:
        raise ValueError(f"procedures {options.action} needs {'a FILE' if options.action == 'import' else 'WORDS'}")
    if options.action == "import":
        _import(options, hall, today)
    elif options.action == "undo":
        print(f"in force: {catalogues.age(catalogues.undo(hall), today)}")
    else:
        catalogue = catalogues.load_catalogue(hall)
        if options.action == "list":
            found = catalogue.procedures
        else:
            found = tuple(hit.procedure for hit in search(index(catalogue), options.what))
        for one in found:
            print(one.code, one.short_name.vi.replace("\u00a0", " "), sep="\t")
        print(catalogues.age(catalogue, today), file=sys.stderr)
    return DONE


def _import(options: argparse.Namespace, hall: Path, today: date) -> None:
    brought = catalogues.import_file(
        hall, Path(options.what), day=options.date, source=options.source, today=today, leaves_out=options.leave_out
    )
    for line in catalogues.told(brought.imported):
        print(line, file=sys.stderr)
    report = brought.imported.report
    if report.missing_columns:
        print(f"columns that the table lacks: {', '.join(report.missing_columns)}", file=sys.stderr)
    print(f"{report.taken} of {report.rows} rows taken, {report.repeated} repeated")
    said = "in force, within seconds also where the hall runs" if brought.is_new else "the same as before"
    print(f"{said}: {catalogues.age(brought.imported.catalogue, today)}")


def _verify(options: argparse.Namespace) -> int:
    with stored_rows(options.source) as rows:
        report = verify(rows, options.seal, BoardWalk())
    print(f"events {report.events}\ndays {report.days}\nhead {report.head}")
    if report.problem is None:
        return DONE
    print(f"first bad sequence {report.first_bad}: {report.problem}", file=sys.stderr)
    return FAILED


def _rebuild(options: argparse.Namespace) -> int:
    """Nothing is kept beside the journal that could differ from it, so rebuilding is proving that it can be read."""
    walk = BoardWalk()
    with stored_rows(_existing(options.hall)) as rows:
        report = verify(rows, None, walk)
    if report.problem is not None:
        print(f"first bad sequence {report.first_bad}: {report.problem}", file=sys.stderr)
        return FAILED
    day, tickets = walk.board.day, len(walk.board.tickets)
    print(f"{report.days} days rebuilt from {report.events} events; the last is {day} with {tickets} tickets")
    print("no figures are kept beside the journal: reports are computed from it each time")
    return DONE


def _export(options: argparse.Namespace) -> int:
    if not options.to.parent.is_dir():
        raise ValueError(f"there is no folder {options.to.parent}; make it, or name another file")
    head = export(_existing(options.hall) / JOURNAL_FILE, options.to)
    print(f"{head.sequence} events to {options.to}, head {head.hash}")
    return DONE


def _report(options: argparse.Namespace) -> int:
    if options.first > options.last:
        raise ValueError(f"--from {options.first} is after --to {options.last}")
    text = files("queue_server.reports").joinpath(DEFINITIONS_FILE).read_text("utf-8")
    head = ""

    def stories() -> Iterator[Story]:
        nonlocal head
        for row in rows:
            head = row.hash
            yield (*decode_row(row), row.sequence)

    with stored_rows(_existing(options.hall) / JOURNAL_FILE) as rows:
        index = service_index(
            stories(),
            first_day=options.first,
            last_day=options.last,
            by=options.by,
            definitions=parse_definitions(text),
        )
    print(PRINTERS[options.format](_with_head(index, head)), end="\n" if options.format != "csv" else "")
    return DONE


def _with_head(index: ServiceIndex, head: str) -> ServiceIndex:
    return ServiceIndex(
        first_day=index.first_day,
        last_day=index.last_day,
        by=index.by,
        definitions=index.definitions,
        journal_head=head,
        rows=index.rows,
    )


def _backup(options: argparse.Namespace) -> int:
    at = HallClock(ZoneInfo("UTC")).now()
    manifest = backups.backup(_existing(options.hall), options.file, at)
    (options.hall / LAST_BACKUP_FILE).write_text(at.isoformat(), "utf-8")
    print(f"{len(manifest.files)} files to {options.file}, head {manifest.head}")
    return DONE


def _restore(options: argparse.Namespace) -> int:
    manifest = backups.restore(options.file, options.hall)
    print(f"restored {options.hall}, head {manifest.head}")
    return DONE


if __name__ == "__main__":
    sys.exit(main())
