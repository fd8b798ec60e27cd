"""What an encoder saw of a text's references and names, asked by characters."""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float32]
Characters = tuple[int, int]  # first character, and one behind the last


class Pointing:
    """What an encoder saw of a text's references and names, asked by characters.

    `odds`: for each reference the log odds of all names, before softmax; `acting`: for each name
    the log odds that, were it a capital, it stood for its country.
    """

    def __init__(
        self,
        odds: dict[Characters, Values] | None = None,
        acting: dict[Characters, float] | None = None,
    ) -> None:
        self._odds, self._acting = odds or {}, acting or {}

    def odds(self, reference: Characters) -> Values:
        """Give the log odds of all names for a reference, as characters; empty where unread."""
        return self._odds.get(reference, np.zeros(0, dtype="f"))

    def acting(self, name: Characters) -> float:
        """Give the log odds that a capital, as characters, is its country; 0 where unread."""
        return self._acting.get(name, 0.0)


def softmax(values: Values) -> Values:
    """Give shares that sum to 1."""
    powers = np.exp(values - values.max())
    return cast(Values, powers / powers.sum())
