"""The catalogue of procedures: a dated snapshot of what may be asked for here, and the sample that ships with us."""

import tomllib
from datetime import date, time
from importlib import resources

import msgspec
from msgspec import Struct

NO_BREAK_SPACE = "\u00a0"


class Words(Struct, frozen=True):
    """A text for people, Vietnamese first; English may be missing."""

    vi: str
    en: str = ""


ASK_AT_THE_COUNTER = Words("Hỏi tại quầy", "Ask at the counter")
"""What is shown for every text that a procedure leaves empty: empty means that nobody has told us."""


class Procedure(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One administrative procedure. Facts are those of its source; an empty text is a fact that the source lacks."""

    code: str
    """The national code, `1.001193`."""
    name: str
    """The full legal name, never cut."""
    short_name: Words
    """What a key or a row shows; compounds hold together with no-break spaces when a person wrote it."""
    field: str = ""
    level: str = ""
    papers: tuple[str, ...] = ()
    fee: str = ""
    """In Vietnamese, as a visitor at the counter pays it."""
    time_limit: str = ""
    is_online: bool = False
    """It is known that it can be done online. False also when nobody has told us: then screens say nothing about it."""
    decision: str = ""
    """The number of the decision that published it."""
    decision_date: date | None = None
    same_day_cutoff: time | None = None
    """Received later than this, the result comes on the next working day."""
    synonyms: tuple[str, ...] = ()
    """How citizens call it, old names included."""


class Saying(Struct, frozen=True):
    """Words of citizens and the words that stand for them in names of procedures."""

    said: tuple[str, ...]
    official: str


class Catalogue(Struct, frozen=True, kw_only=True):
    """All procedures of one source on one day, the most common first; codes are unique."""

    source: str
    snapshot_date: date
    procedures: tuple[Procedure, ...]
    sayings: tuple[Saying, ...] = ()


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    """The sample as it is written."""

    source: str
    snapshot_date: date
    procedure: tuple[Procedure, ...]
    saying: tuple[Saying, ...] = ()


def load() -> Catalogue:
    """The sample that was written by hand, read from the package."""
    return read(resources.files(__package__).joinpath("sample.toml").read_text(encoding="utf-8"))


def read(text: str) -> Catalogue:
    """A catalogue from text written like `sample.toml`, or raise ValueError that says where it is wrong."""
    try:
        file = msgspec.convert(tomllib.loads(text), _File)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as wrong:
        raise ValueError(f"the catalogue is not written like sample.toml: {wrong}") from wrong
    return Catalogue(
        source=file.source,
        snapshot_date=file.snapshot_date,
        procedures=tuple(_spaced(procedure) for procedure in file.procedure),
        sayings=file.saying,
    )


def _spaced(procedure: Procedure) -> Procedure:
    """With real no-break spaces: the file writes them as underscores, because a person must be able to see them."""
    short = procedure.short_name
    return msgspec.structs.replace(
        procedure, short_name=Words(short.vi.replace("_", NO_BREAK_SPACE), short.en.replace("_", NO_BREAK_SPACE))
    )
