"""A provincial hall on a busy morning, for the manager's page: sixty counters, twelve services, two hundred waiting."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

from queue_server.chance import new_id
from queue_server.core import commands
from queue_server.core.ids import Actor, AskId, CounterNumber, ServiceId, TicketId
from queue_server.engine import Request
from tests.api.halls import TestHall, a_hall
from tests.config.halls import KEY
from tests.factories import clock
from tests.pages.halls import LONG_NAME, later

NAMES = (
    ("ho-tich", "Hộ tịch – Chứng thực", "Civil status – Certification"),
    ("dat-dai", "Đất đai", "Land"),
    ("xay-dung", "Xây dựng – Quy hoạch", "Construction – Planning"),
    ("kinh-doanh", "Đăng ký kinh doanh", "Business registration"),
    ("bao-hiem", "Bảo hiểm – Chính sách xã hội", "Insurance – Social policy"),
    ("thue", "Thuế", "Taxes"),
    ("tu-phap", "Lý lịch tư pháp", "Criminal records"),
    ("giao-thong", "Giao thông vận tải", "Transport"),
    ("y-te", "Y tế", "Health"),
    ("giao-duc", "Giáo dục", "Education"),
    ("tra-ket-qua", "Trả kết quả", "Results"),
    ("dai", LONG_NAME[:118].strip(), "A name as long as the longest ones are in the national index of procedures"),
)
CLERKS = (
    "Nguyễn Thu Hà", "Trần Văn Bình", "Lê Thị Mỹ Duyên", "Phạm Quốc Khánh", "Hoàng Anh Tuấn",
    "Vũ Thị Ngọc Ánh", "Đặng Minh Đức", "Công Tằng Tôn Nữ Thị Hồng Hạnh",
)  # fmt: skip


def _toml(counters: int) -> str:
    parts = [
        '[hall]\nid = "tinh"\n'
        'name = { vi = "Trung tâm Phục vụ hành chính công tỉnh", en = "Provincial service centre" }\n',
        "[server]\nrate_per_s = 10000\nrate_burst = 10000\npublic_rate_per_s = 10000\npublic_rate_burst = 10000\n",
        '[[calendar.session]]\ndays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]\n'
        'ticket_from = "07:00"\nticket_to = "11:30"\ndesk_from = "07:30"\ndesk_to = "11:45"\n',
        '[[calendar.session]]\ndays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]\n'
        'ticket_from = "13:00"\nticket_to = "16:45"\ndesk_from = "13:30"\ndesk_to = "17:00"\n',
    ]
    for index, (identity, vi, en) in enumerate(NAMES):
        limit = "daily_limit = 40\n" if identity == "giao-duc" else ""
        first = 1001 + index * 700
        parts.append(
            f'[[service]]\nid = "{identity}"\nname = {{ vi = "{vi}", en = "{en}" }}\n'
            f'numbers = "{first}-{first + 699}"\nexpected_service_s = 540\n{limit}'
        )
    for number in range(1, counters + 1):
        served = [NAMES[(number + step) % len(NAMES)][0] for step in range(1 + number % 3)]
        quoted = ", ".join(f'"{one}"' for one in served)
        parts.append(f"[[counter]]\nnumber = {number}\nservices = [{quoted}]\n")
    return "\n".join(parts)


@asynccontextmanager
async def a_province(folder: Path, counters: int = 60) -> AsyncIterator[TestHall]:
    """The hall at 7:00 on a working day, everything closed."""
    (folder / "keys").mkdir(parents=True)
    (folder / "hall.toml").write_text(_toml(counters))
    (folder / "keys" / "hall.key").write_bytes(KEY)
    (folder / "keys" / "hall.key").chmod(0o600)
    async with a_hall(folder, wall=clock("7:00")) as hall:
        yield hall


async def _do(hall: TestHall, command: commands.AnyCommand) -> None:
    await hall.parts.engine.submit(Request(command=command))


async def a_busy_morning(hall: TestHall, *, minutes: int = 100, waiting: int = 200, seed: int = 7) -> None:
    """People come, are called, served, absent, transferred; in the end so many wait, and some counters rest."""
    chance, engine = Random(seed), hall.parts.engine
    services = [ServiceId(one[0]) for one in NAMES]
    counters = sorted(engine.board.counters)
    clerks = await _clerks(hall, len(counters))
    at_work = counters[: len(counters) * 5 // 6]
    for _ in range(waiting // 2):
        await _come(hall, chance.choice(services))
    later(hall, 30)
    for number, clerk in zip(at_work, clerks, strict=False):
        await _do(hall, commands.OpenCounter(by=clerk, counter=number, clerk=clerk))
    for minute in range(minutes):
        later(hall, 1)
        for _ in range(chance.randint(2, 7) if minute < minutes - 5 else 0):
            await _come(hall, chance.choice(services))
        for number, clerk in zip(at_work, clerks, strict=False):
            if chance.random() < 0.09:
                await _serve(hall, number, clerk, chance)
    while sum(one.state == "waiting" for one in engine.board.tickets.values()) < waiting:
        await _come(hall, chance.choice(services))
    for number, clerk in list(zip(at_work, clerks, strict=False))[3::17]:
        await _do(hall, commands.PauseCounter(by=clerk, counter=number, reason="meeting"))
    await _do(hall, commands.AskHelp(by=clerks[4], counter=at_work[4]))
    idle = counters[-1]
    await _do(hall, commands.OpenCounter(by=Actor("t-manager"), counter=idle, on_behalf=True))
    later(hall, 2)


async def _clerks(hall: TestHall, count: int) -> list[Actor]:
    register = hall.parts.people.register
    for index in range(count):
        await register.add_person(f"clerk-{index}", CLERKS[index % len(CLERKS)], "clerk")
    actors = {one.login: Actor(one.id) for one in await register.people()}
    return [actors[f"clerk-{index}"] for index in range(count)]


async def _come(hall: TestHall, service: ServiceId) -> None:
    command = commands.TakeTicket(by=Actor("t-kiosk"), ticket=TicketId(new_id()), service=service, origin="kiosk")
    await _do(hall, command)


async def _serve(hall: TestHall, number: CounterNumber, clerk: Actor, chance: Random) -> None:
    """What a clerk does when a visit ends: one in fifteen did not come, one in twenty goes on elsewhere."""
    board = hall.parts.engine.board
    here = board.counters[number].ticket
    if here is not None and board.tickets[here].state == "called":
        await _do(hall, commands.StartService(by=clerk, counter=number))
        return
    if here is not None:
        draw = chance.random()
        if draw < 0.05:
            target = chance.choice([one for one in board.services if one != board.tickets[here].service])
            await _do(hall, commands.TransferTicket(by=clerk, counter=number, service=target, reason="next-step"))
        else:
            await _do(hall, commands.FinishTicket(by=clerk, counter=number, ask=AskId(new_id())))
    await _do(hall, commands.CallNext(by=clerk, counter=number, ask=AskId(new_id())))
    here = hall.parts.engine.board.counters[number].ticket
    if here is not None and chance.random() < 0.07:
        await _do(hall, commands.MarkAbsent(by=clerk, counter=number))
