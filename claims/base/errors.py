"""The few errors that speak to a person. Anything else is a bug and is left to crash."""


class Refused(Exception):
    """What was asked cannot be done; the message says what is wrong and how to mend it."""


class StaleStatus(Refused):
    """Someone else has moved the row in the meantime."""
