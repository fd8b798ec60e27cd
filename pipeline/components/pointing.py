"""What an encoder saw of a text's references and names, asked by characters."""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float32]
Characters = tuple[int, int]  # first character, and one behind the last
Seen = tuple[NDArray[np.int64], Values]  # which names, and their log odds
UNSEEN = -30.0  # log odds of the names that are out of reach


class Pointing:
    """What an encoder saw of a text's references and names, asked by characters.

    `seen`: for each reference the log odds of the names in reach, before softmax; `acting`: for
    each name the log odds that, were it a capital, it stood for its country; `count`: of names.
    """

    def __init__(
        self,
        seen: dict[Characters, Seen] | None = None,
        acting: dict[Characters, float] | None = None,
        count: int = 0,
    ) -> None:
        self._seen, self._acting, self._count = seen or {}, acting or {}, count

    def odds(self, reference: Characters) -> Values:
        """Give the log odds of all names for a reference, as characters; empty where unread."""
        if reference not in self._seen:
            return np.zeros(0, dtype="f")
        names, odds = self._seen[reference]
        row = np.full(self._count, UNSEEN, dtype="f")
        row[names] = odds
        return row

    def acting(self, name: Characters) -> float:
        """Give the log odds that a capital, as characters, is its country; 0 where unread."""
        return self._acting.get(name, 0.0)


def softmax(values: Values) -> Values:
    """Give shares that sum to 1."""
    powers = np.exp(values - values.max())
    return cast(Values, powers / powers.sum())
