"""What is said: the stretches of a sentence, or a quotation, that a speaker answers for."""

from __future__ import annotations

from pipeline.attribution.sentence import (
    AFTER,
    ARTICLES,
    CLAUSES,
    ENDS,
    PREPOSITIONS,
    QUOTES,
    STOPS,
    Sentence,
    Span,
    Voice,
)
from pipeline.attribution.subjects import voice_of
from pipeline.attribution.words import load_speech

Speakers = tuple[int, ...]
REACH = 30  # units after a verb within which `that` may open what is said
SHORT_QUOTE = 3  # words up to which a quotation is a term and no speech
# After a comma these lead back from what is said to what the text says.
OWN = frozenset("while whereas following speaking referring citing responding".split())
REPLY = frozenset("response reply answer a an".split())
# What is said begins with one of these, without `that`.
SUBJECTS = frozenset(
    "the a an it he she they we there this these those his her its their all both no".split()
)
# Between a verb and its `that` stand no other objects: `expressed confidence that`.
BELIEFS = frozenset(
    "hope hopes confidence concern belief regret fear surprise satisfaction".split()
)
LATELY = frozenset("last early late this earlier yesterday today out again".split())


def reported(sentence: Sentence, speakers: Speakers, left: int, place: int) -> Voice:
    """Give what is said before or after `X said`; `left` is where X begins, `place` the verb."""
    speech = load_speech()
    closes = left > 0 and sentence.word(left - 1) in ENDS
    after = place + 1
    while sentence.word(after) in speech.adverbs:
        after += 1
    follows = sentence.word(after)
    nothing = Voice(speakers, (sentence.at(left), sentence.units[place].end), ())
    if follows in speech.empty:
        return nothing
    quote = sentence.quote_before(left) if closes else None
    if quote and not is_term(sentence.text, quote) and follows != ",":
        return closing(sentence, speakers, left, len(sentence.units))
    if closes and follows == "," and not sentence.opens_quote(after + 1):
        return closing(sentence, speakers, left, after, goes_on=True)
    if closes and follows in STOPS - {":"}:
        return closing(sentence, speakers, left, after)
    opening = _opening(sentence, place, after)
    if opening >= 0:
        start = sentence.at(opening)
        end = _end(sentence, opening)
        quoted = [b for a, b in sentence.quotes if a <= start + 1 < b]
        # `called it "progress"`: the rest of the sentence is the text's own.
        end = quoted[0] if quoted and opening > after else max([end, *quoted])
        return Voice(speakers, (sentence.at(left), start), ((start, end),))
    if left == 0 and (before := sentence.quote_before(0)):
        return Voice(speakers, (sentence.begin, sentence.stop), (before,))
    if closes and _settled(sentence, left, place, after):
        return closing(sentence, speakers, left, len(sentence.units))
    return nothing


def closing(
    sentence: Sentence, speakers: Speakers, left: int, after: int, goes_on: bool = False
) -> Voice:
    """Give what stands before `..., X said`, and behind it too where the sentence goes on."""
    begin, edge = sentence.begin, sentence.at(left)
    breaks = [unit.end for unit in sentence.units[:left] if unit.word == ";"]
    spanning = [a for a, b in sentence.quotes if a < begin < b]  # begun in a sentence before
    low = min([max([begin, *breaks]), *spanning])
    if not sentence.text[begin:edge].strip(' "“”') and (quote := sentence.quote_before(left)):
        low = quote[0]
    stretches = [(low, edge)]
    high = sentence.at(after)
    if goes_on and after + 1 < len(sentence.units):
        follows = sentence.word(after + 1)
        if follows not in AFTER | CLAUSES and not follows.endswith("ing"):
            stretches.append((high, _end(sentence, after + 1)))
    return Voice(speakers, (edge, high if goes_on else sentence.stop), tuple(stretches))


def according(sentence: Sentence, place: int) -> Voice | None:
    """Read `according to X`, before or after what X says."""
    match = load_speech().according.match(sentence.text, sentence.at(place))
    if match is None:
        return None
    at = place
    while at < len(sentence.units) and sentence.at(at) < match.end():
        at += 1
    end = at
    while sentence.word(end) not in STOPS | QUOTES | {","}:
        end += 1
    zone = [unit for unit in sentence.units[at:end] if unit.word not in ARTICLES]
    cut = next((i for i, u in enumerate(zone) if u.word in ("in", "on", "as", "released")), None)
    speakers = voice_of(zone[:cut], sentence.names)
    if not speakers:
        return None
    if sentence.word(end + 1) in ("who", "which", "whose"):
        commas = (i for i in range(end + 1, len(sentence.units)) if sentence.word(i) == ",")
        end = next(commas, end)
    high = sentence.at(end)
    if place <= 1 or sentence.word(place - 1) in (";", "that"):
        return Voice(speakers, (sentence.at(place), high), ((high, _end(sentence, end)),))
    return closing(sentence, speakers, place, end, goes_on=sentence.word(end) == ",")


def passive(sentence: Sentence, place: int) -> Voice | None:
    """Read `it was noted by X that`."""
    reach = range(place + 2, min(place + 2 + REACH, len(sentence.units)))
    that = next((i for i in reach if sentence.word(i) == "that"), 0)
    speakers = voice_of(sentence.units[place + 2 : that], sentence.names) if that else ()
    if not speakers:
        return None
    start = sentence.units[that].end
    return Voice(speakers, (sentence.at(place), start), ((start, _end(sentence, that)),))


def is_term(text: str, quote: Span) -> bool:
    """Tell whether a quotation is too short to be speech."""
    return len(text[slice(*quote)].split()) <= SHORT_QUOTE


def _opening(sentence: Sentence, place: int, after: int) -> int:
    """Give the place at which what is said begins, -1 where nothing is."""
    speech, verb = load_speech(), sentence.word(place)
    label = sentence.label(after)
    if verb in speech.bare and (sentence.word(after) in SUBJECTS or label not in ("", "DATE")):
        return after
    direct = sentence.word(after) in AFTER | {",", "that", ":"} | BELIEFS | LATELY
    direct = direct or label == "DATE" or verb in speech.telling
    for at in range(after, min(after + REACH, len(sentence.units))):
        word = sentence.word(at)
        if word in STOPS - {":"} or (word in speech.verbs and at > after + 1):
            break
        # `explained the rules that they follow` says nothing.
        if word == ":" or (word == "that" and direct):
            return at + 1
        if word in QUOTES and sentence.opens_quote(at):
            return at
    if verb in speech.telling:
        near = (at for at in range(after, after + 3) if sentence.word(at) in speech.hearers)
        after = next(near, -2) + 1
    elif verb not in speech.bare:
        return -1
    while 0 <= after < len(sentence.units) and (step := _setting(sentence, after)):
        after += step
    if after < 0 or sentence.word(after) in STOPS | AFTER | PREPOSITIONS | {","}:
        return -1
    return after


def _settled(sentence: Sentence, left: int, place: int, after: int) -> bool:
    """Tell whether `..., X said in Y` closes a clause: `In May, X reported on Y` does not."""
    speech = load_speech()
    if sentence.word(left - 1) in QUOTES | {"’"}:
        return True
    if sentence.word(place) not in speech.closing:
        return False
    if sentence.word(place) in speech.telling:
        # `told the police to leave` is an order.
        if any(unit.word == "to" for unit in sentence.units[after:]):
            return False
    elif sentence.label(after) != "DATE" and sentence.word(after) not in AFTER:
        return False
    commas = sum(unit.word == "," for unit in sentence.units[:left])
    return commas > 1 or sentence.word(0) not in AFTER | PREPOSITIONS


def _setting(sentence: Sentence, place: int) -> int:
    """Count the units of `on Thursday` or `in a statement` at a place."""
    sittings = load_speech().sittings
    lead = sentence.word(place)
    at = place + (lead in ("on", "in", "at", "during", "late", "early"))
    while sentence.word(at) in ARTICLES:
        at += 1
    if sentence.label(at) == "DATE":
        return at + 1 - place
    if lead not in ("in", "at", "during", "on"):
        return 0
    for at in range(place + 1, place + 6):
        if sentence.word(at) in sittings and sentence.word(at + 1) not in sittings:
            return at + 1 - place
    return 0


def _end(sentence: Sentence, opening: int) -> int:
    """Give where what is said ends: with the sentence, or where the text speaks again."""
    for place in range(opening, len(sentence.units)):
        word, after = sentence.word(place), sentence.word(place + 1)
        reply = after == "in" and sentence.word(place + 2) in REPLY
        # `to sustain contacts; to share information` goes on.
        if (word == ";" and after != "to") or (word == "," and (after in OWN or reply)):
            return sentence.at(place)
    return sentence.stop
