"""The one entry of a file: it is there or it is not, and its name stands outside of the file."""

import tomllib

from audio.desk.fields import Fields, Values, as_text


class OnlyEntry:
    """What such kinds of entry have in common; see `EntryKind`."""

    form: Fields
    stand_in: str
    path: str
    """Of its file, within the language's folder."""

    def is_name(self, name: str) -> bool:
        """It has no other."""
        return name == self.stand_in

    def file(self, name: str) -> str:
        """All of it is in one file."""
        return self.path

    def read(self, text: str, name: str) -> Values | None:
        """As the file has it, empty where it has nothing; `days.Mon` is in the table `days`."""
        if not text:
            return None
        found = tomllib.loads(text)
        values: Values = {}
        for field in self.form:
            table, _, inner = field.name.rpartition(".")
            values[field.name] = as_text(found.get(table, found).get(inner, ""))
        return values

    def name_for(self, values: Values) -> str:
        """Always the same."""
        return self.stand_in

    def names(self, text: str) -> list[str]:
        """There is one, where there is a file."""
        if not text:
            return []
        return [self.stand_in]
