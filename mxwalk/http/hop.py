"""One request on its way: what it holds open, how far it came, and what came back."""

import hashlib
from dataclasses import dataclass, field

from mxwalk.http.model import ServerSeen
from mxwalk.http.url import Url
from mxwalk.net.connection import Connection
from mxwalk.net.engine import TlsEngine


@dataclass(slots=True)
class Answer:
    """A response as far as it came.

    ``status`` is 0 when none came; a body is read for the status 200 only.  ``digest`` is the SHA-256
    of the body so far; ``raw_bytes`` counts everything that was read for it.
    """

    status: int = 0
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytearray = field(default_factory=bytearray)
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    raw_bytes: int = 0
    remarks: list[str] = field(default_factory=list)

    def header(self, name: bytes) -> str:
        """Return the first field of that name (lower case), empty when there is none."""
        found = next((value for key, value in self.headers if key == name), b"")
        return found.decode("latin-1")


@dataclass(slots=True)
class Hop:
    """One request to one server.

    ``doing`` says what is being waited for, for the sentence of a time that ran out; ``problem`` is
    empty as long as nothing speaks against the answer.
    """

    url: Url
    doing: str = ""
    address: str = ""
    connection: Connection | None = None
    engine: TlsEngine | None = None
    server: ServerSeen | None = None
    answer: Answer = field(default_factory=Answer)
    problem: str = ""

    @property
    def progress(self) -> str:
        """How far it came, in words."""
        if self.answer.status:
            return f"{len(self.answer.body)} bytes of the body had come"
        if self.answer.raw_bytes:
            return f"{self.answer.raw_bytes} bytes of the header fields had come"
        return self.doing

    async def close(self) -> None:
        """Close the connection in good order."""
        connection, self.connection = self.connection, None
        if connection is not None:
            await connection.close()

    def abort(self) -> None:
        """Drop the connection at once."""
        connection, self.connection = self.connection, None
        if connection is not None:
            connection.abort()
