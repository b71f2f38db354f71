"""Which course a walk without a connection takes, by its purpose."""

from mxwalk.delivery.model import Delivery
from mxwalk.evidence.trace import Purpose
from mxwalk.walk.course import Course


def course_of(delivery: Delivery) -> Course:
    """Return the steps of a message walk or a survey, as far as they are known by now."""
    if delivery.trace.header.purpose is Purpose.MESSAGE:
        # each is loaded when a walk of its purpose is there
        from mxwalk.walk.message_course import message_course

        return message_course(delivery)
    from mxwalk.walk.survey_course import survey_course

    return survey_course(delivery)
