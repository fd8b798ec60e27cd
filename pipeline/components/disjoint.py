"""Disjoint sets of numbers, joined two by two."""

from __future__ import annotations


class DisjointSets:
    """Sets of indexes, each named by its root, the smallest of them."""

    def __init__(self, size: int) -> None:
        self.parent = list(range(size))

    def root(self, index: int) -> int:
        """Give the smallest index of a set."""
        while self.parent[index] != index:
            self.parent[index] = self.parent[self.parent[index]]
            index = self.parent[index]
        return index

    def join(self, left: int, right: int) -> None:
        """Make one set of two."""
        low, high = sorted((self.root(left), self.root(right)))
        self.parent[high] = low
