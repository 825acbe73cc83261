"""The project's errors: one base, few children, each saying what to do."""


class LineError(Exception):
    """Anything this project raises on purpose.

    The message says what is wrong, where, and how to mend it; commands print
    it and exit with 1.
    """


class SettingError(LineError):
    """A setting is missing or malformed. Set the variables it names, then start again."""


class StoreError(LineError):
    """The store holds no such edition, or not one that can be read.

    Publish one with `scripts/render_audio.py`.
    """


class NoSuchStep(LineError):
    """A URL names no step of its edition. The call starts again in the live one."""
