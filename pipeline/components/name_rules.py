"""Component `name_rules`: names by rule and by list, merged with what the model found.

Writes `doc.ents` and `doc.spans["scored"]` (the same spans with their scores). Steps: find
candidates (rules, list of known names, the model's entities), give each the borders that
the guidelines ask for, let the longer and surer of two that overlap win, then mark every
other place where a name found once stands again.

>>> import spacy
>>> nlp = spacy.blank("en")
>>> _ = nlp.add_pipe("name_rules")
>>> doc = nlp("The Ministry of Justice signed it on 3 May 2021.")
>>> [(ent.text, ent.label_) for ent in doc.ents]
[('Ministry of Justice', 'ORG'), ('3 May 2021', 'DATE')]
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span

from pipeline.components.candidates import Candidate, after_titles, choose, without_runs
from pipeline.components.rules import EntityRules, load_entity_rules
from pipeline.knowledge import Knowledge, load_knowledge
from pipeline.text import is_acronym
from pipeline.words import load_words

TOPIC_POS = frozenset({"NOUN", "PROPN", "ADJ", "ADP", "DET", "CCONJ", "NUM", "VERB", "PART"})
TOPIC_START = frozenset(
    [
        "on",
        "against",
        "in",
        "for",
        "of",
        "concerning",
        "relating",
        "to",
        "between",
        "regarding",
        "with",
    ]
)
TOPIC_GO_ON = frozenset(
    ["on", "against", "in", "for", "of", "to", "and", "between", "the", "a", "an"]
)
TOPIC_MAX = 12
PINS = frozenset({"DATE", "GPE", "ORG", "PERSON", "LOC"})
CAPITAL = re.compile(r"[A-ZÀ-ÖØ-ÞĀ-ŽƠƯẠ-Ỹ]")
# Letters after a name: `Goldie DL`, `Rycroft CBE, MP`.
POST_NOMINAL = re.compile(r"(?:,?\s+[A-Z]{2,4})+$")
TITLE_LIKE = re.compile(r"\b(?:Minister|President|Secretary|Director|Ambassador|Spokes\w+)\b")


@Language.factory(
    "name_rules",
    assigns=["doc.ents", "doc.spans"],
    default_config={"ner": True, "knowledge": None},
)
def make_name_rules(
    nlp: Language,
    name: str,  # noqa: ARG001
    ner: bool,
    knowledge: str | None,
) -> NameRules:
    """Build the component.

    `ner` tells whether entities found before it are candidates too, `knowledge` names a folder
    of knowledge files, None the project's own.
    """
    known = load_knowledge(Path(knowledge) if knowledge else None)
    return NameRules(nlp, load_entity_rules(), known, ner)


class NameRules:
    """See the module's docstring."""

    def __init__(self, nlp: Language, rules: EntityRules, knowledge: Knowledge, ner: bool) -> None:
        self.nlp, self.rules, self.knowledge, self.ner = nlp, rules, knowledge, ner
        self.by_name = {rule.name: rule for rule in rules.patterns}

    @cached_property
    def known(self) -> PhraseMatcher:
        """Matches the names and aliases of the knowledge files as they are written."""
        matcher = PhraseMatcher(self.nlp.vocab, attr="ORTH")
        by_label: dict[str, set[str]] = {}
        for things in self.knowledge.things.values():
            for thing in things:
                for name in (thing.name, *thing.aliases):
                    if CAPITAL.match(name) and (len(name) > 2 or name in ("US", "UK", "UN", "EU")):
                        by_label.setdefault(thing.label, set()).add(name)
        for form, thing in self.knowledge.exact.items():
            by_label.setdefault(thing.label, set()).add(form)
        for abbreviation in self.knowledge.governments:
            by_label.setdefault("GPE", set()).add(abbreviation)
        for label, names in sorted(by_label.items()):
            matcher.add(label, [self.nlp.make_doc(name) for name in sorted(names)])
        return matcher

    def __call__(self, doc: Doc) -> Doc:
        text = doc.text
        candidates = [*self._by_rule(doc, text), *self._by_list(doc)]
        if self.ner:
            candidates += self._by_model(doc)
        candidates = list(after_titles(candidates, text))
        bordered = [b for c in candidates if (b := self._borders(text, c))]
        chosen = choose(without_runs(bordered))
        chosen = [c for c in chosen if self._needs_met(text, c, chosen)]
        chosen = choose([*chosen, *self._again(text, chosen)])
        spans: list[tuple[Span, float]] = []
        for candidate in chosen:
            span = doc.char_span(
                candidate.start, candidate.end, candidate.label, alignment_mode="expand"
            )
            if span is not None and (not spans or spans[-1][0].end <= span.start):
                spans.append((span, candidate.score))
        doc.set_ents([span for span, _ in spans])
        doc.spans["scored"] = [span for span, _ in spans]
        doc.user_data["scores"] = [score for _, score in spans]
        return doc

    def _by_rule(self, doc: Doc, text: str) -> Iterator[Candidate]:
        for rule in self.rules.patterns:
            for found in rule.pattern.finditer(text):
                start, end = found.span("name" if "name" in rule.pattern.groupindex else 0)
                if "\n" in found[0]:
                    continue
                if rule.drop_first and found[0].startswith(rule.drop_first):
                    start += len(rule.drop_first)
                if rule.topic:
                    reached = self._topic(doc, end)
                    if rule.topic == "need" and reached == end:
                        continue
                    end = reached
                yield Candidate(start, end, rule.label, rule.score, rule.name)

    def _topic(self, doc: Doc, end: int) -> int:
        """Follow the phrases that say what a document or event is about."""
        span = doc.char_span(max(0, end - 1), end, alignment_mode="expand")
        if span is None or not doc.has_annotation("TAG"):
            return end
        at = span.end
        # `Memorandum of Understanding (MoU) on ...`: a short form in brackets belongs in between.
        if at + 2 < len(doc) and doc[at].text == "(" and doc[at + 2].text == ")":
            at += 3
        if at >= len(doc) or doc[at].lower_ not in TOPIC_START:
            return end
        last, start = at, at
        while at < len(doc) and at - start < TOPIC_MAX:
            token = doc[at]
            if token.is_space or (token.is_punct and token.text not in "-–'’/"):
                break
            if token.pos_ == "CCONJ" and at + 1 < len(doc) and doc[at + 1].pos_ == "DET":
                break
            if token.pos_ not in TOPIC_POS and token.text not in "-–'’/":
                break
            if token.pos_ == "ADP" and token.lower_ not in TOPIC_GO_ON:
                break
            if token.pos_ == "VERB" and not (
                token.tag_ == "VBG" and doc[at - 1].pos_ in ("ADP", "CCONJ")
            ):
                break
            if token.ent_type_ in ("DATE", "GPE", "PERSON") or (token.like_num and len(token) == 4):
                break
            if token.pos_ in ("NOUN", "PROPN"):
                last = at + 1
            at += 1
        return doc[last - 1].idx + len(doc[last - 1]) if last > start else end

    def _by_list(self, doc: Doc) -> Iterator[Candidate]:
        for span in self.known(doc, as_spans=True):
            # A known name inside a longer capitalised one is a part of it.
            score = 0.95 if len(span) > 1 or span.text.isupper() else 0.9
            yield Candidate(span.start_char, span.end_char, span.label_, score, "known")

    def _by_model(self, doc: Doc) -> Iterator[Candidate]:
        for ent in doc.ents:
            label = self.rules.ner.get(ent.label_)
            if label is None:
                continue
            if label == "DATE" and self.rules.duration.search(ent.text):
                continue
            if label not in ("DATE", "MONEY") and not any(CAPITAL.match(t.text) for t in ent):
                continue
            if "\n" not in ent.text.strip("\n"):
                text = ent.text
                start = ent.start_char + len(text) - len(text.lstrip())
                yield Candidate(
                    start, start + len(text.strip()), label, self.rules.ner_score, "ner"
                )

    def _borders(self, text: str, found: Candidate) -> Candidate | None:
        """Trim articles, possessives, punctuation and titles."""
        start, end = found.start, found.end
        while True:
            piece = text[start:end]
            lead = re.match(r"(?:[Tt]he|[Aa]n?)\s+|[\s\"“”‘’'(\[\-–—,.;:*•]+", piece)
            if (lead and found.label not in ("DATE", "MONEY")) or (
                lead and not lead[0][0].isalpha()
            ):
                start += lead.end()
                continue
            if found.label == "DATE" and (
                the := re.match(r"the\s+(?=\d{4})|(?:on|in|since|by)\s+", piece, re.I)
            ):
                start += the.end()
                continue
            tail = re.search(r"(?:[’']s?|[\s,;:!?\"“”)\]\-–—*]+)$", piece)
            if tail and not (tail[0].strip() == ")" and "(" in piece):
                end = start + tail.start()
                continue
            if (
                piece.endswith(".")
                and not is_acronym(piece.split()[-1])
                and found.source not in ("rank",)
            ):
                end -= 1
                continue
            break
        piece = text[start:end]
        if found.label == "PERSON":
            words = piece.split()
            while words and words[0] in self.rules.honorifics and len(words) > 1:
                start += len(words.pop(0))
                start += len(text[start:end]) - len(text[start:end].lstrip())
            piece = text[start:end]
            if (after := POST_NOMINAL.search(piece)) and not piece.isupper():
                end = start + after.start()
                piece = text[start:end]
            if (
                TITLE_LIKE.search(piece)
                or not CAPITAL.match(piece)
                or any(c.isdigit() for c in piece)
            ):
                return None
        if found.label in ("PERSON", "ORG", "GPE", "LOC"):
            start, end = self._whole(text, start, end, found)
            piece = text[start:end]
        if not piece or piece in self.rules.not_names or not any(c.isalnum() for c in piece):
            return None
        if found.label in ("ORG", "GPE", "LOC", "PERSON"):
            if self.knowledge.demonyms.get(piece.casefold()) and not self.knowledge.find(
                piece, found.label
            ):
                return None
            if found.source == "ner" and (country := self.knowledge.find(piece, "GPE")):
                return replace(found, start=start, end=end, label="GPE" if country else found.label)
        if found.label == "ORG" and piece.casefold() in load_words("bare_bodies"):
            return None
        return replace(found, start=start, end=end)

    def _whole(self, text: str, start: int, end: int, found: Candidate) -> tuple[int, int]:
        """Let a model's name run on over capitalised words, so that none is cut in half."""
        if found.source != "ner":
            return start, end
        while more := re.match(r"[ \-]([A-ZÀ-ÖØ-ÞĀ-ŽƠƯẠ-Ỹ][\w]*)", text[end : end + 40]):
            if found.label != "PERSON" or more[1] in self.rules.not_names or more[1].isupper():
                break
            end += more.end()
        return start, end

    def _needs_met(self, text: str, found: Candidate, chosen: list[Candidate]) -> bool:
        rule = self.by_name.get(found.source)
        if rule is None or not rule.need:
            return True
        return (
            self._is_pinned(text, found, chosen)
            if rule.need == "pinned"
            else _holds(text, found, chosen)
        )

    def _is_pinned(self, text: str, found: Candidate, chosen: list[Candidate]) -> bool:
        after = re.match(
            r"\s+(?:(?:held|made|hosted|chaired|organi[sz]ed|co-chaired)\s+)?(?:to|by|in|on|at|with|of)\s+(?:the\s+)?",
            text[found.end : found.end + 60],
        )
        if not after:
            return False
        at = found.end + after.end()
        return any(c.start <= at + 1 <= c.end and c.label in PINS for c in chosen)

    def _again(self, text: str, chosen: list[Candidate]) -> Iterator[Candidate]:
        """Find names that stand again, and the parts by which people are called."""
        wanted: dict[str, Candidate] = {}
        for candidate in sorted(chosen, key=lambda c: -c.score):
            piece = text[candidate.start : candidate.end]
            if candidate.label in ("PERSON", "ORG", "GPE", "LOC", "PROGRAM"):
                if len(piece) > 2 and (
                    " " in piece or is_acronym(piece) or candidate.label != "ORG"
                ):
                    wanted.setdefault(piece, candidate)
                words = piece.split()
                if candidate.label == "PERSON" and 2 <= len(words) <= 5:
                    for part in (words[-1], words[0], " ".join(words[-2:])):
                        if len(part) > 2 and part not in self.rules.not_names:
                            wanted.setdefault(
                                part, replace(candidate, score=candidate.score - 0.05)
                            )
        if not wanted:
            return
        pattern = re.compile(
            r"(?<![\w-])(?:"
            + "|".join(map(re.escape, sorted(wanted, key=len, reverse=True)))
            + r")(?![\w-])"
        )
        for found in pattern.finditer(text):
            model = wanted[found[0]]
            yield Candidate(found.start(), found.end(), model.label, model.score - 0.02, "again")


def _holds(text: str, found: Candidate, chosen: list[Candidate]) -> bool:
    """Tell whether a post in lower case stands right beside a person."""
    starts = [c.start for c in chosen]
    at = bisect_left(starts, found.start)
    for other in chosen[max(0, at - 2) : at + 3]:
        if other.label != "PERSON":
            continue
        gap = (
            text[found.end : other.start]
            if other.start >= found.end
            else text[other.end : found.start]
        )
        if re.fullmatch(r",? ?|, (?:the |a |an )?|(?:,? \w+ (?:of|for|at) [\w ]+,? )", gap):
            return True
        between = [c for c in chosen if found.end <= c.start and c.end <= other.start]
        if (
            other.start > found.end
            and len(between) == 1
            and between[0].label in ("ORG", "GPE")
            and len(gap) < 90
        ):
            return True
    return False
