"""Applies the relation rules to a parsed Doc with mentions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import product
from typing import Any

from spacy.language import Language
from spacy.matcher import DependencyMatcher
from spacy.tokens import Doc, Span, Token

from pipeline.components.relation_rules.data import Between, Frame, RelationRules
from pipeline.components.relation_rules.patterns import argument_patterns
from pipeline.components.relation_rules.status import (
    STANDING,
    is_former,
    own_status,
    status_of,
)
from pipeline.schema import Schema

LISTED = re.compile(r"[,;]\s+(?:the\s+)?|[,;]?\s+(?:and|as well as)\s+(?:the\s+)?")
TIGHT = re.compile(r"(?:['’]s)?\s+(?:(?:of|for|at|to|in|from)\s+(?:the\s+)?)?|,\s+")
TIGHT_AND = re.compile(r"(?:['’]s)?,?\s+(?:(?:and|of|for|at|to|in|from|the|a)\s+){0,2}")
JOINED = re.compile(r",? (?:of|for|at|in|from|to) (?:the )?")
UNDATED = frozenset({"has_role", "works_for", "part_of", "located_in"})
DATELINE = re.compile(r"(?:,[^.\n]{0,40})?\s*(?:\([^)\n]*\)\s*)?(?:[–—]|--?)\s")
# A subject is shared upwards only through these links.
SHARES = frozenset(["xcomp", "conj", "ccomp", "advcl"])
NO_SHARE_HEADS = frozenset(
    ["say", "state", "add", "note", "stress", "tell", "report", "claim", "believe", "think"]
)


class RelationRuler:
    """See the module's docstring."""

    def __init__(self, nlp: Language, rules: RelationRules, schema: Schema) -> None:
        self.rules, self.schema = rules, schema
        if not Doc.has_extension("statements"):
            Doc.set_extension("statements", default=None)
        if not Doc.has_extension("mention_spans"):
            Doc.set_extension("mention_spans", default=None)
        self.matcher = DependencyMatcher(nlp.vocab)
        # One pattern serves all frames with the same part of speech and place: the matcher's
        # time grows with the number of patterns, not with that of the triggers.
        lemmas: dict[tuple[str, str], set[str]] = defaultdict(set)
        for frame in rules.frames:
            for place in (*frame.head, *frame.tail):
                lemmas[frame.pos, place].update(frame.triggers)
        for (pos, place), triggers in lemmas.items():
            for number, pattern in enumerate(argument_patterns(place, pos)):
                tags = ["VERB", "AUX"] if pos == "VERB" else ["NOUN", "PROPN"]
                trigger = {"LEMMA": {"IN": sorted(triggers)}, "POS": {"IN": tags}}
                pattern[0] = {"RIGHT_ID": "t", "RIGHT_ATTRS": trigger}
                self.matcher.add(f"{pos}|{place}|{number}", [pattern])

    def __call__(self, doc: Doc) -> Doc:
        run = _Run(doc, self.rules, self.schema)
        for match_id, tokens in self.matcher(doc):
            pos, place, _ = doc.vocab.strings[match_id].split("|")
            run.found(pos, place, tokens[0], tokens[-1], tokens[1:-1])
        run.frames()
        run.neighbours()
        doc._.statements = run.statements()
        return doc


def _describes(token: Token, subject: bool) -> bool:
    """Tell whether the noun that a verb describes is its subject, or else its object.

    `the ministry signing it` and `the ministry that signed it` are subjects, `the report
    released by` and `the report that the ministry released` objects.
    """
    if token.dep_ == "acl":
        return token.tag_ == ("VBG" if subject else "VBN")
    if token.dep_ != "relcl":
        return False
    own = [c for c in token.children if c.dep_ == "nsubj" and c.tag_ not in ("WDT", "WP")]
    passive = any(c.dep_ in ("nsubjpass", "auxpass") for c in token.children)
    return not own and not passive if subject else bool(own) or passive


class _Run:
    """One document's statements in the making."""

    def __init__(self, doc: Doc, rules: RelationRules, schema: Schema) -> None:
        self.doc, self.rules, self.schema = doc, rules, schema
        self.text = doc.text
        spans: list[Span] = sorted(
            [*doc.ents, *doc.spans.get("references", [])], key=lambda span: span.start
        )
        self.spans = spans
        doc._.mention_spans = [(span.start, span.end) for span in spans]
        self.at = {token.i: index for index, span in enumerate(spans) for token in span}
        # References carry the labels of what they point at in user_data.
        pointed: dict[int, str] = doc.user_data.get("reference_labels", {})
        self.labels = [
            pointed.get(s.start_char, s.label_) if s.label_ == schema.reference else s.label_
            for s in spans
        ]
        self.countries: set[int] = doc.user_data.get("countries", set())
        several: set[int] = doc.user_data.get("several", set())
        self.several = {index for index, span in enumerate(spans) if span.start_char in several}
        self.lists = self._lists()
        text = self.text
        self.datelines = {
            index
            for index, span in enumerate(spans)
            if text[max(0, span.start_char - 1) : span.start_char] in ("", "\n")
            and DATELINE.match(text, span.end_char)
        }
        self.arguments: dict[tuple[str, str, int], dict[int, None]] = defaultdict(dict)
        self.triggers: dict[tuple[str, str], dict[int, None]] = defaultdict(dict)
        self.best: dict[tuple[int, str, int], tuple[Any, ...]] = {}

    def _lists(self) -> dict[int, list[int]]:
        """Give each name of an enumeration (`A, B, C and D`) all the names of it."""
        text = self.text
        lists: dict[int, list[int]] = {}
        run: list[int] = []
        closed = False
        for index, span in enumerate(self.spans):
            gap = text[self.spans[index - 1].end_char : span.start_char] if index else ""
            same = bool(run) and self.labels[index] == self.labels[run[-1]] in self.schema.actors
            if same and not closed and LISTED.fullmatch(gap):
                run.append(index)
                closed = "and" in gap or "as well as" in gap
                if closed:
                    lists.update(dict.fromkeys(run, run))
            else:
                run, closed = [index], False
        return lists

    def found(self, pos: str, place: str, trigger: int, argument: int, path: list[int]) -> None:
        """Keep one argument of one trigger, unless the way to it is one that shares nothing."""
        token, other = self.doc[trigger], self.doc[argument]
        above = other.i == token.head.i and not path
        if place == "subject":
            climbs = bool(path) and self.doc[path[0]].dep_ not in ("agent", "prep")
            if climbs and not self._shares(token, path):
                return
            if above and not _describes(token, subject=True):
                return
            if other.tag_ in ("WDT", "WP") and token.dep_ == "relcl":
                other = token.head
        if place == "object":
            if above and not _describes(token, subject=False):
                return
            if other.tag_ in ("WDT", "WP") and token.dep_ == "relcl":
                other = token.head
        for index in self._mentions(other):
            if index in self.datelines:
                continue
            self.arguments[pos, place, trigger][index] = None
            self.triggers[pos, token.lemma_][trigger] = None

    def _shares(self, token: Token, path: list[int]) -> bool:
        """Tell whether the trigger takes its subject from the verbs above it."""
        own = any(child.dep_ in ("nsubj", "nsubjpass") for child in token.children)
        if own:
            return False
        low = token
        for index in path:
            high = self.doc[index]
            if low.dep_ == "acl" and high.lemma_.lower() in self.rules.status["planned"]:
                low = high
                continue
            if low.dep_ not in SHARES or (low.dep_ == "ccomp" and high.lemma_ in NO_SHARE_HEADS):
                return low.dep_ in ("attr", "acomp", "dobj", "prep", "pobj")
            if index != path[-1] and any(c.dep_ in ("nsubj", "nsubjpass") for c in high.children):
                return False
            low = high
        return True

    def _mentions(self, token: Token, depth: int = 0) -> Iterator[int]:
        """Widen an argument to mentions: itself, its conjuncts, what it stands in for."""
        tokens = [token, *token.conjuncts] if depth == 0 else [token]
        for one in tokens:
            if one.i in self.at:
                index = self._holder(self.at[one.i])
                yield from self.lists.get(index, [index])
                for child in one.children:
                    if (
                        child.dep_ == "appos"
                        and child.i in self.at
                        and self.at[child.i] != self.at[one.i]
                    ):
                        if self.labels[self.at[one.i]] in ("ROLE",):
                            yield self.at[child.i]
                continue
            if depth > 1:
                continue
            if one.lemma_.lower() in self.rules.stand_ins:
                for child in one.children:
                    if child.dep_ in ("compound", "poss", "nmod", "appos"):
                        yield from self._mentions(child, depth + 1)
                    elif child.dep_ == "prep" and child.lower_ in ("of", "from", "for"):
                        for inner in child.children:
                            if inner.dep_ == "pobj":
                                yield from (
                                    m
                                    for each in (inner, *inner.conjuncts)
                                    for m in self._mentions(each, depth + 1)
                                )
            elif one.dep_ in ("dobj", "pobj", "nsubjpass") and one.pos_ == "NOUN":
                for child in one.children:
                    if child.dep_ in ("appos",):
                        yield from self._mentions(child, depth + 1)

    def _holder(self, index: int) -> int:
        """Give the person before whose name and post a body or country only stands.

        `received UK Home Office Permanent Under-Secretary Matthew Rycroft` is about Rycroft.
        """
        ahead = self.labels[index + 1 : index + 3]
        if self.labels[index] in ("ORG", "GPE") and ahead == ["ROLE", "PERSON"]:
            if self._gap(index) == self._gap(index + 1) == " ":
                return index + 2
        return index

    def frames(self) -> None:
        """Join heads and tails that share a trigger."""
        for frame in self.rules.frames:
            triggers = {
                at for lemma in frame.triggers for at in self.triggers.get((frame.pos, lemma), ())
            }
            for at in sorted(triggers):
                trigger = self.doc[at]
                if not self._object_fits(frame, trigger):
                    continue
                if frame.need and not any(
                    self.labels[i] == frame.need for i in self._near(trigger)
                ):
                    continue
                heads = self._at(frame.pos, frame.head, at)
                if frame.both:
                    pairs = [(a, b) for n, a in enumerate(heads) for b in heads[n + 1 :]]
                    # `the two sides agreed to cooperate`: one reference holds both ends.
                    pairs += [(a, a) for a in heads if a in self.several]
                else:
                    pairs = list(product(heads, self._at(frame.pos, frame.tail, at)))
                for head, tail in pairs:
                    self.add(head, frame.relation, tail, frame.score, trigger)

    def _at(self, pos: str, places: tuple[str, ...], trigger: int) -> list[int]:
        found: dict[int, None] = {}
        for place in places:
            found.update(self.arguments.get((pos, place, trigger), {}))
        return list(found)

    def _object_fits(self, frame: Frame, trigger: Token) -> bool:
        if frame.object is None:
            return True
        objects = [c for c in trigger.children if c.dep_ in ("dobj", "obj", "nsubjpass")]
        objects += [other for one in objects for other in one.conjuncts]
        if not frame.object:
            return not objects
        return any(one.lemma_.lower() in frame.object for one in objects)

    def _near(self, trigger: Token) -> list[int]:
        sentence = trigger.sent
        return [
            i for i, span in enumerate(self.spans) if sentence.start <= span.start < sentence.end
        ]

    def neighbours(self) -> None:
        """Apply the rules between names, over at most three names in between."""
        text = self.text
        for left, first in enumerate(self.spans):
            for right in range(left + 1, min(left + 5, len(self.spans))):
                second = self.spans[right]
                gap = text[first.end_char : second.start_char]
                if len(gap) > 90 or "\n" in gap:
                    break
                for rule in self.rules.between:
                    if self._applies(rule, left, right, gap):
                        head, tail = (right, left) if rule.reverse else (left, right)
                        self.add(head, rule.relation, tail, rule.score, first.root)

    def _applies(self, rule: Between, left: int, right: int, gap: str) -> bool:
        head, tail = (right, left) if rule.reverse else (left, right)
        if self.labels[head] not in rule.head or self.labels[tail] not in rule.tail:
            return False
        inside = [self.labels[i] for i in range(left + 1, right)]
        if bool(inside) != bool(rule.across) or not set(inside) <= rule.across:
            return False
        if (
            rule.across
            and "ROLE" in rule.across
            and rule.relation == "works_for"
            and "ROLE" not in inside
        ):
            return False
        if not rule.gap.fullmatch(gap):
            return False
        if rule.tight and not all(
            (TIGHT if rule.reverse else TIGHT_AND).fullmatch(self._gap(i))
            for i in range(left, right)
        ):
            return False
        if rule.relation == "has_role" and not rule.reverse and right + 1 < len(self.spans):
            # The post belongs to the name that follows it: `Ana Hoxha, Director Agim Leka`.
            if self.labels[right + 1] == "PERSON" and self._gap(right) == " ":
                return False
        if rule.only and not rule.only.search(self.spans[head].text):
            return False
        if rule.only_tail and not rule.only_tail.search(self.spans[tail].text):
            return False
        if rule.country_tail and self.spans[tail].start_char not in self.countries:
            return False
        if rule.role_before and not (
            left > 0 and self.labels[left - 1] == "ROLE" and self._joined(left - 1, left)
        ):
            return False
        sentence = self.spans[left].sent.text
        if rule.cue and not rule.cue.search(sentence):
            return False
        start = self.spans[left].start_char
        return not rule.before or bool(rule.before.search(self.text[max(0, start - 40) : start]))

    def _gap(self, left: int) -> str:
        return self.text[self.spans[left].end_char : self.spans[left + 1].start_char]

    def _joined(self, left: int, right: int) -> bool:
        gap = self.text[self.spans[left].end_char : self.spans[right].start_char]
        return bool(JOINED.fullmatch(gap))

    def add(self, head: int, relation: str, tail: int, score: float, trigger: Token) -> None:
        """Keep the statement if the schema allows it and it is the surest of its kind here."""
        if (head == tail and head not in self.several) or not self.schema.allows(
            relation, self.labels[head], self.labels[tail]
        ):
            return
        kind = self.schema.relations[relation]
        if relation == "located_in" and self.spans[head].start_char in self.countries:
            if self.spans[tail].start_char in self.countries or self.labels[tail] == "GPE":
                return
        if (kind.symmetric and self.spans[head].start > self.spans[tail].start) or not (
            self.labels[head] in kind.head and self.labels[tail] in kind.tail
        ):
            head, tail = tail, head
        key = (head, relation, tail)
        if key in self.best and self.best[key][0] >= score:
            return
        status = self.status(trigger, relation, head)
        self.best[key] = (score, status, trigger.i)

    def status(self, trigger: Token, relation: str, head: int) -> str:
        """Read the status off the words around and above the trigger."""
        words = self.rules.status
        if relation in STANDING:
            begin = self.spans[head].start
            before = [
                *self.doc[max(0, begin - 2) : begin],
                *self.doc[max(0, trigger.i - 3) : trigger.i],
            ]
            return "former" if is_former(before, words) else "actual"
        if relation in ("dated", "located_in", "rated_as") and trigger.pos_ not in ("VERB", "AUX"):
            # Between two names only a plan carries over: `the meeting to be held in May`.
            planned = relation != "rated_as" and own_status(trigger.head, words) == "planned"
            return "planned" if planned else "actual"
        return status_of(trigger, words)

    def statements(self) -> list[tuple[Any, ...]]:
        """Give the statements with evidence and qualifiers, sorted."""
        rows = []
        for (head, relation, tail), (score, status, at) in sorted(self.best.items()):
            sentence = self.doc[at].sent
            low = min(sentence.start, self.spans[head].start, self.spans[tail].start)
            high = max(sentence.end, self.spans[head].end, self.spans[tail].end)
            date, document, rating, amount = self._qualifiers(relation, tail, at)
            rows.append(
                (head, relation, tail, status, score, low, high, date, document, rating, amount)
            )
        return rows

    def _qualifiers(self, relation: str, tail: int, at: int) -> tuple[int, int, int, int]:
        """Give the indexes of date, document, rating and amount, -1 for none."""
        trigger = self.doc[at]
        date = document = rating = amount = -1
        if self.labels[tail] != "DATE" and relation not in UNDATED:
            date = self._below(trigger, "DATE", 2)
        if relation == "signed_with":
            document = self._below(trigger, "DOCUMENT", 3)
        if relation == "supports":
            amount = self._below(trigger, "MONEY", 3)
        if relation == "rates":
            ratings = [i for i in self._near(trigger) if self.labels[i] == "RATING"]
            after = [i for i in ratings if self.spans[i].start > self.spans[tail].start]
            rating = (after or ratings or [-1])[0]
        return date, document, rating, amount

    def _below(self, trigger: Token, label: str, reach: int) -> int:
        """Find the nearest mention of a label at most `reach` links below the trigger."""
        if trigger.pos_ not in ("VERB", "AUX", "NOUN"):
            return -1
        found = []
        for index in self._near(trigger):
            if self.labels[index] == label:
                root = self.spans[index].root
                chain = [root, *root.ancestors]
                depth = next((n for n, t in enumerate(chain) if t.i == trigger.i), reach + 1)
                if depth <= reach:
                    found.append((depth, abs(root.i - trigger.i), index))
        return min(found)[2] if found else -1
