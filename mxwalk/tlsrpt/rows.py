"""The rows of failure-details (RFC 8460 4.4): at once where they are as they should be, else leniently.

Equal texts are kept once, because a row repeats its hosts and addresses from others.
"""

import ipaddress
from dataclasses import dataclass

import msgspec

from mxwalk.limits import REPORT_TEXT_CHARS, TLSRPT_ROW_BYTES, TLSRPT_ROWS
from mxwalk.reportfiles.collecting import Deviations
from mxwalk.tlsrpt.members import MOST_SESSIONS
from mxwalk.tlsrpt.model import Failure
from mxwalk.tlsrpt.objects import NOTHING, UNREADABLE, closed, members_of
from mxwalk.tlsrpt.result_types import RESULT_TYPES


@dataclass(slots=True)
class RowBudget:
    """How many rows of failures may still be kept, over all reports that are opened together."""

    left: int = TLSRPT_ROWS


class _PlainRow(msgspec.Struct, rename="kebab"):
    """A row as RFC 8460 has it; the names of drafts are here to be noticed."""

    result_type: str
    failed_session_count: int
    sending_mta_ip: str
    receiving_mx_hostname: str
    receiving_mx_helo: str = ""
    receiving_ip: str = ""
    additional_information: str = ""
    failure_reason_code: str = ""
    additional_info_uri: msgspec.Raw = NOTHING
    failure_error_code: msgspec.Raw = NOTHING
    failure_code: msgspec.Raw = NOTHING


_PLAIN_ROW = msgspec.json.Decoder(_PlainRow)


class RowReader:
    """Reads rows of one report."""

    def __init__(self, deviations: Deviations) -> None:
        self._deviations = deviations
        self._texts: dict[str, str] = {}
        self._addresses = {""}  # those known to be well-formed

    def read(self, raw: msgspec.Raw, place: str, number: int) -> Failure | None:
        """Return the row with this number in the array at ``place``; ``None`` if it is none."""
        return self.plain(raw) or self.lenient(raw, f"{place}[{number}]")

    def plain(self, raw: msgspec.Raw) -> Failure | None:
        """Return a row that has nothing to be noted, as nearly every one; else ``None``."""
        if memoryview(raw).nbytes > REPORT_TEXT_CHARS:
            return None
        try:
            row = _PLAIN_ROW.decode(raw)
        except UNREADABLE:
            return None
        if (
            row.result_type not in RESULT_TYPES
            or not 0 <= row.failed_session_count <= MOST_SESSIONS
            or not (row.sending_mta_ip and row.receiving_mx_hostname)
            or not (self._well_formed(row.sending_mta_ip) and self._well_formed(row.receiving_ip))
            or row.additional_info_uri
            or row.failure_error_code
            or row.failure_code
        ):
            return None
        return Failure(
            result_type=self.once(row.result_type),
            sessions=row.failed_session_count,
            sending_ip=self.once(row.sending_mta_ip),
            receiving_mx=self.once(row.receiving_mx_hostname),
            receiving_helo=self.once(row.receiving_mx_helo),
            receiving_ip=self.once(row.receiving_ip),
            information=self.once(row.additional_information),
            reason=self.once(row.failure_reason_code),
        )

    def lenient(self, raw: msgspec.Raw, place: str) -> Failure | None:
        """Return a row as far as it can be read, with what deviates noted."""
        row = members_of(raw, place, TLSRPT_ROW_BYTES, self._deviations)
        if not row.values:
            return None
        return Failure(
            result_type=self.once(closed(row, "result-type", RESULT_TYPES)),
            sessions=row.count("failed-session-count"),
            sending_ip=self.once(row.address("sending-mta-ip", required=True)),
            receiving_mx=self.once(row.text("receiving-mx-hostname", required=True)),
            receiving_helo=self.once(row.text("receiving-mx-helo")),
            receiving_ip=self.once(row.address("receiving-ip")),
            information=self.once(row.text("additional-information")),
            reason=self.once(row.text("failure-reason-code")),
        )

    def once(self, text: str) -> str:
        """Return the text, the first one that was equal to it."""
        return self._texts.setdefault(text, text)

    def _well_formed(self, address: str) -> bool:
        if address in self._addresses:
            return True
        try:
            ipaddress.ip_address(address)
        except ValueError:
            return False
        self._addresses.add(address)
        return True
