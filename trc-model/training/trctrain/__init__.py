"""How the language model inside TRC is made and judged: ``python3 -m trctrain COMMAND``."""


class KitError(Exception):
    """Something the caller can put right; its message names the cause and the way out."""
