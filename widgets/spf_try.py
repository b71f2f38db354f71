"""What a "what if" starts from: the check of a walk with its answers, or that of a surveyed name."""

from mxwalk.evidence.mailauth import SpfChecked, SpfIdentity
from mxwalk.mailauth.case import SpfCheck
from mxwalk.mailauth.published import NamePublished
from widgets.shown import Shown


def to_try(
    shown: Shown | None, check: SpfCheck | None, name: NamePublished | None
) -> tuple[SpfChecked, str] | None:
    """Return the check to vary and the record that is published; ``None`` before there is one."""
    if check is not None and shown is not None:
        return _of_message(shown, check)
    if name is None or name.spf is None:
        return None
    record = name.spf.root.record
    checked = SpfChecked(
        identity=SpfIdentity.MAILFROM,
        client_ip="",
        domain=name.domain,
        sender=f"postmaster@{name.domain}",
        helo=name.domain,
        answers=name.spf_answers,
    )
    return checked, record.text if record else ""


def _of_message(shown: Shown, check: SpfCheck) -> tuple[SpfChecked, str] | None:
    steps = shown.delivery.trace.steps
    step = next((one for one in steps if one.seq == check.step), None)
    if step is None or not isinstance(step.evidence, SpfChecked):
        return None
    root = check.evaluation.root
    return step.evidence, root.record.text if root and root.record else ""
