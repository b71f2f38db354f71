"""Lists of ``tag=value`` as DKIM and DMARC write them (RFC 6376 3.2; RFC 9989 4.7).

Total: every octet string yields tags and faults with their places.  What the faults mean is for the
reader of the list: RFC 6376 makes a malformed or duplicated tag void the whole list, while a DMARC
record is read more kindly.
"""

import re
from dataclasses import dataclass

from mxwalk.language import say
from mxwalk.limits import MAIL_TAGS
from mxwalk.text import visible

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_SPACE = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag: its name as written, its value without the white space around it, its octets' place."""

    name: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TagFault:
    """Something that is no tag, at its place; ``again`` is a tag that stands there already."""

    start: int
    end: int
    what: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class TagList:
    """A list as read.  ``text`` is what was read, one character an octet (latin-1)."""

    text: str
    tags: tuple[Tag, ...]
    faults: tuple[TagFault, ...]

    def get(self, name: str) -> str | None:
        """Return the value of the first tag of this name (tag names are case-sensitive)."""
        return next((tag.value for tag in self.tags if tag.name == name), None)

    def tag(self, name: str) -> Tag | None:
        """Return the first tag of this name."""
        return next((tag for tag in self.tags if tag.name == name), None)


def read_tags(octets: bytes) -> TagList:
    """Return the tags of a list and what is wrong with it; folding white space is kept in values."""
    text = octets.decode("latin-1")
    tags: list[Tag] = []
    faults: list[TagFault] = []
    names: set[str] = set()
    start = 0
    for part in text.split(";"):
        end = start + len(part)
        if len(tags) + len(faults) >= MAIL_TAGS:
            faults.append(
                TagFault(start, len(text), say("more than {max_tags} tags", max_tags=MAIL_TAGS))
            )
            break
        if part.strip(_SPACE):
            name, equals, value = part.partition("=")
            name = name.strip(_SPACE)
            if not equals:
                faults.append(
                    TagFault(
                        start, end, say("{part!r} has no '='", part=visible(part.strip(_SPACE), 60))
                    )
                )
            elif not _NAME.fullmatch(name):
                faults.append(
                    TagFault(start, end, say("{name!r} is no tag name", name=visible(name, 60)))
                )
            else:
                if name in names:  # RFC 6376 3.2: duplicates void the list
                    faults.append(
                        TagFault(
                            start,
                            end,
                            say("the tag {name} stands here again", name=name),
                            again=True,
                        )
                    )
                names.add(name)
                tags.append(Tag(name, value.strip(_SPACE), start, end))
        elif end < len(text):
            faults.append(TagFault(start, end + 1, say("nothing between two semicolons")))
        start = end + 1
    return TagList(text=text, tags=tuple(tags), faults=tuple(faults))
