"""A trace from elsewhere: a step of any kind, with any evidence, in a walk of any purpose has a status."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.mark import Mark
from mxwalk.delivery.status import status
from mxwalk.evidence.bounds import EVIDENCE_OF
from mxwalk.evidence.step import Step, StepKind
from mxwalk.evidence.trace import Trace
from tests.evidence.strategies import headers, struct
from tests.generated import examples


@pytest.mark.parametrize("kind", [one for one in StepKind if one is not StepKind.NOTE])
@examples(12)
@given(header=headers(), data=st.data())
def test_a_step_of_any_kind_in_a_walk_of_any_purpose_has_a_status(kind, header, data):
    evidence = data.draw(struct(EVIDENCE_OF[kind]))
    given_step = struct(Step, seq=st.just(1), kind=st.just(kind), evidence=st.just(evidence))
    step = data.draw(given_step)
    told = status(step, build_delivery(Trace(header=header, steps=(step,))))
    assert told.mark in Mark
