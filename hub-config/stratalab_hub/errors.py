"""What goes wrong before the Hub runs."""


class SettingsError(Exception):
    """A setting is missing or not valid; the message says which and what to do."""
