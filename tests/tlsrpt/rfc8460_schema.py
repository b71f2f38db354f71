"""RFC 8460 4.4 as a JSON Schema, with the formats its prose names, written from the RFC."""

_DATE_TIME = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"  # RFC 3339 5.6
_EMAIL = r"^[^@\s]+@[^@\s]+$"
_ADDRESS = {"type": "string", "anyOf": [{"format": "ipv4"}, {"format": "ipv6"}]}
_COUNT = {"type": "integer", "minimum": 0}
_TEXT = {"type": "string", "minLength": 1}
_ASCII = {"type": "string", "pattern": r"^[\x21-\x7e]+$"}  # A-labels

RESULT_TYPES = [
    *("starttls-not-supported", "certificate-host-mismatch", "certificate-expired"),
    *("certificate-not-trusted", "validation-failure"),
    *("tlsa-invalid", "dnssec-invalid", "dane-required"),
    *("sts-policy-fetch-error", "sts-policy-invalid", "sts-webpki-invalid"),
]
FAILURE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["result-type", "failed-session-count"],
    "properties": {
        "result-type": {"enum": RESULT_TYPES},
        "sending-mta-ip": _ADDRESS,
        "receiving-mx-hostname": _ASCII,
        "receiving-mx-helo": _TEXT,
        "receiving-ip": _ADDRESS,
        "failed-session-count": _COUNT | {"minimum": 1},
        "additional-information": {"type": "string", "format": "uri"},
        "failure-reason-code": _TEXT,
    },
}
POLICY = {
    "type": "object",
    "additionalProperties": False,
    "required": ["policy-type", "policy-domain"],
    "properties": {
        "policy-type": {"enum": ["tlsa", "sts", "no-policy-found"]},
        "policy-string": {"type": "array", "items": {"type": "string"}},
        "policy-domain": _ASCII,
        "mx-host": {"type": "array", "items": _ASCII},
    },
}
SUMMARY = {
    "type": "object",
    "additionalProperties": False,
    "required": ["total-successful-session-count", "total-failure-session-count"],
    "properties": {
        "total-successful-session-count": _COUNT,
        "total-failure-session-count": _COUNT,
    },
}
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "additionalProperties": False,
    "required": ["organization-name", "date-range", "contact-info", "report-id", "policies"],
    "properties": {
        "organization-name": _TEXT,
        "date-range": {
            "type": "object",
            "additionalProperties": False,
            "required": ["start-datetime", "end-datetime"],
            "properties": {
                "start-datetime": {"type": "string", "pattern": _DATE_TIME},
                "end-datetime": {"type": "string", "pattern": _DATE_TIME},
            },
        },
        "contact-info": {"type": "string", "pattern": _EMAIL},
        "report-id": _TEXT,
        "policies": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["policy", "summary"],
                "properties": {
                    "policy": POLICY,
                    "summary": SUMMARY,
                    "failure-details": {"type": "array", "items": FAILURE},
                },
            },
        },
    },
}
