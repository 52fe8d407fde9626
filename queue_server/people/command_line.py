"""Plain functions for the commands: each opens `people.db`, acts and closes. They work while the server runs."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from queue_server.people.errors import Taken
from queue_server.people.passwords import Hasher
from queue_server.people.register import Register
from queue_server.people.secret import Secret
from queue_server.people.store import PersonLine, TokenLine, open_store

FIRST_LOGIN = "admin"

Answer = TypeVar("Answer")


def create(path: Path, *, name: str, at: datetime) -> Secret:
    """Make `people.db` and the login `admin`; give its one-time password. Taken if there are people already."""

    async def act(register: Register) -> Secret:
        if await register.people():
            sentence = f"{path} has people already; for a new password: denluot-server person {path.parent} reset"
            raise Taken("people-exist", sentence)
        return await register.add_person(FIRST_LOGIN, name, "admin")

    return _run(path, at, act, create=True)


def issue_token(path: Path, *, role: str, name: str, counter: int | None = None, at: datetime) -> Secret:
    """A new token, to be printed this once."""
    return _run(path, at, lambda register: register.issue_token(role, name, counter))


def revoke_token(path: Path, name: str, *, at: datetime) -> None:
    """End the token of that name; a running server heeds it within a second."""
    return _run(path, at, lambda register: register.revoke_token(name))


def list_tokens(path: Path, *, at: datetime) -> list[TokenLine]:
    """The live tokens, by name."""
    return _run(path, at, lambda register: register.tokens())


def add_person(path: Path, *, login: str, name: str, role: str, counter: int | None = None, at: datetime) -> Secret:
    """A new account; give the one-time password, to be printed this once."""
    return _run(path, at, lambda register: register.add_person(login, name, role, counter))


def change_person(path: Path, login: str, *, name: str, role: str, counter: int | None = None, at: datetime) -> None:
    """Another display name, role or counter."""
    return _run(path, at, lambda register: register.change_person(login, name=name, role=role, counter=counter))


def reset_password(path: Path, login: str, *, at: datetime) -> Secret:
    """A new one-time password, to be printed this once; the person's sessions end."""
    return _run(path, at, lambda register: register.reset_password(login))


def end_person(path: Path, login: str, *, at: datetime) -> None:
    """End the account of that login, and its sessions."""
    return _run(path, at, lambda register: register.end_person(login))


def list_people(path: Path, *, at: datetime) -> list[PersonLine]:
    """The people who have an account, by login."""
    return _run(path, at, lambda register: register.people())


def _run(path: Path, at: datetime, act: Callable[[Register], Awaitable[Answer]], *, create: bool = False) -> Answer:
    async def run() -> Answer:
        async with _register(path, at, create) as register:
            return await act(register)

    return asyncio.run(run())


@asynccontextmanager
async def _register(path: Path, at: datetime, create: bool) -> AsyncIterator[Register]:
    async def tell_nobody() -> None:
        """A running server sees by itself that the file has changed."""

    with Hasher() as hasher:
        async with open_store(path, create=create) as store:
            yield Register(store, hasher, lambda: at, tell_nobody)
