"""Tell the lines around an article from the article: menus, credits, stamps, share lines."""

from __future__ import annotations

import re

from pipeline.cleaning.dates import find_stamp
from pipeline.cleaning.patterns import load_rules, made_of, word_set

LONGEST_MENU = 1500
LONGEST_RULE = 400  # characters that a line of boilerplate may have
SENTENCE_END = re.compile(r"[.!?…。][\"'”’»)\]\u201d]*(?:\s*\[?\d*\]?)?\Z")
ENDED = re.compile(r"[.!?…;:。][\"'”’»)\]]*\Z")
WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*")
ABBREVIATED = re.compile(r"\b(?:[A-Z]|St|Mrs?|Dr|Gen|Lt|[Nn]o|Inc|Co|Ltd|Corp)\.\Z")
MENU_MARK = re.compile(r"\s+[|»›>·•►▶/]\s+|\s*[|»›]\s*|\t+|\s{3,}|\s+>\s+")
AGENCY_END = re.compile(r"(?<=[.!?”\"])\s*[—–/(-]{1,2}\s*[A-Z][A-Za-z/ ]{1,20}\)?\Z")
NUMBERED = re.compile(r"\(?\d{1,3}[.)]\s")
PRONOUNS = word_set("he she it who which that")
LONE = word_set("a on to by via and or line post x pin comment mail like send sms follow copy")


def word_count(text: str) -> int:
    """Count the words of a text."""
    return len(WORD.findall(text))


def has_finite_verb(text: str) -> bool:
    """Say whether a text seems to hold a verb in a finite form."""
    finite = load_rules().finite
    before = ""
    for number, word in enumerate(WORD.findall(text)):
        low = word.lower().replace("’", "'")
        if before in PRONOUNS and word.islower() and low.endswith("s"):
            return True
        before = low
        if low in finite and (word.islower() or number == 0):
            return True
        if word.islower() and low.endswith("ed") and len(low) > 4 and number > 0:
            return True
        if low.endswith(("'re", "'ve", "'ll", "'m")):
            return True
    return False


def is_sentence(text: str) -> bool:
    """Say whether a text ends like a sentence and is long enough or has a verb."""
    if found := AGENCY_END.search(text, max(0, len(text) - 40)):
        text = text[: found.start()]
    if not SENTENCE_END.search(text) or ABBREVIATED.search(text):
        return False
    words = word_count(text)
    if words >= 6 or text.endswith(("?", "!", '."', ".”")):
        return True
    return words >= 3 and has_finite_verb(text)


def reason_to_drop(text: str) -> str:
    """Give the reason to leave a line out wherever it stands; empty to keep it."""
    if len(text) > LONGEST_RULE:
        return "menu" if len(text) <= LONGEST_MENU and is_menu(text) else ""
    rules = load_rules()
    bare = text.strip(" *_-–—•|>»\t")
    inner = bare.strip("()[]")
    if made_of(bare, rules.share) and not _is_lone_word(bare):
        return "share line"
    sentence = is_sentence(text)
    forms = {bare, inner}
    for reason, pattern in rules.lines:
        firm = reason in rules.firm or not sentence
        if firm and any(pattern.match(form) for form in forms):
            return reason
    if find_stamp(bare):
        return "time stamp"
    return "menu" if is_menu(text) else ""


def _is_lone_word(text: str) -> bool:
    """`A`, `On` or `Post` alone is no share line; `Share` is."""
    return text.lower() in LONE


def is_menu(text: str) -> bool:
    """Say whether a line is a run of section names."""
    rules = load_rules()
    if NUMBERED.match(text):
        return False
    chunks = [chunk for chunk in MENU_MARK.split(text.strip()) if chunk and chunk.strip()]
    if is_sentence(text):
        return False
    counts = [len(chunk.split()) for chunk in chunks]
    if len(chunks) >= 3 and max(counts) <= 6 and sum(counts) / len(counts) <= 3.5:
        return all(not SENTENCE_END.search(chunk) for chunk in chunks)
    if len(chunks) == 2 and any(made_of(chunk, rules.menu) for chunk in chunks):
        return max(counts) <= 12 and ("|" in text or "»" in text or "›" in text or ">" in text)
    words = text.split()
    return len(words) >= 2 and made_of(text, rules.menu)


def is_menu_word(text: str) -> bool:
    """Say whether a line is one name of a section; only its neighbours tell if that is a menu."""
    return not NUMBERED.match(text) and made_of(text, load_rules().menu)


def opens_related(text: str) -> bool:
    """Say whether a line is the heading of a list of other stories."""
    if len(text) > 60:
        return False
    bare = text.strip(" *_-–—•|>»\t:#.…→►▶").lower()
    return bare in load_rules().related


def looks_like_headline(text: str) -> bool:
    """Say whether a line may be a headline: a few words that do not end like a sentence."""
    words = text.split()
    if not 2 <= len(words) <= 30 or not any(letter.isalpha() for letter in text):
        return False
    return not re.search(r"[.;:,…][\"'”’)]*\Z", text) or bool(ABBREVIATED.search(text))
