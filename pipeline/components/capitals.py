"""Whether a capital is named for its government (`Hanoi rejected it`) or as a city (`in Hanoi`).

A city is where something is or goes to; a government does, gets or owns what governments do,
get and own. Where the words around the name do not tell, it is the city.
Source: the pattern of Markert and Nissim (2002), Metonymy Resolution as a Classification Task,
who read it off grammatical roles; here the words next to the name stand for the roles.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# What stands before a place: nothing that follows can make it a government.
PLACED = re.compile(
    r"\b(?:in|at|near|outside|inside|around|across|via|through|into|onto|toward|towards|reach\w*"
    r"|visit(?:ed|s|ing)?|left|leav\w+|enter\w*|arriv\w+|fle[dw]|flight|moved|city|town|capital"
    r"|central|downtown|greater|north|south|east|west|km|miles|hours|kilometres)(?: of| from)?"
    r"(?: the)?\s+$",
    re.I,
)
# What is done to a government, or said of it.
ADDRESSED = re.compile(
    r"\b(?:urg(?:e[sd]?|ing)|ask(?:s|ed|ing)?|call(?:s|ed|ing)? (?:up)?on|press(?:es|ed|ing)?|told"
    r"|tells?|thank(?:s|ed|ing)?|accus(?:e[sd]?|ing)|blam(?:e[sd]?|ing)|warn(?:s|ed|ing)?"
    r"|inform(?:s|ed|ing)?|notif(?:y|ies|ied)|remind(?:s|ed)?|critici[sz](?:e[sd]?|ing)"
    r"|prais(?:e[sd]?|ing)|congratulat(?:e[sd]?|ing)|invit(?:e[sd]?|ing)|persuad(?:e[sd]?|ing)"
    r"|(?:appeal(?:s|ed)?|complain(?:s|ed|ts?)?|repl(?:y|ies|ied)|address(?:es|ed)|offer(?:s|ed)?"
    r"|submit\w*|letters?|notes?|requests?|answers?|according|thanks|loyal|obliged|calls from|hand(?:s|ed)?"
    r"(?: over)?|grateful|explain(?:s|ed)?) to"
    r"|(?:agree\w*|memorandum|treaty|treaties|accord|pact|deals?|talks|negotiat\w+|relations|ties"
    r"|cooperat\w+|work\w*|sign(?:s|ed)?|signed it|dialogue|hand in glove|dispute|quarrel"
    r"|consult\w*|side[sd]?) with"
    r"|(?:requests?|demands?|pressure|orders?|instructions?|answers?|reply|replies|word|word back"
    r"|permission|approval|hear(?:d)? nothing|funds?|funding|aid|help|support|complaints?"
    r"|objections?|assurances?|letters?|notes?|thanks|silence|backing|money|guests|delegat\w+|speakers"
    r"|diplomats|officials|calls|experts|congratulations) from"
    r"|(?:criticism|view|views|behalf|policy|opinion|permission|consent|demands?|approval|allies"
    r"|ally|envoys?|line|position|help|plac\w+|rank\w+|downgrad\w+|upgrad\w+|support|belief) of|on behalf of|expects?|wants?|unlike|neither|upon)\s+$",
    re.I,
)
BY = re.compile(r"\b(\w+)(?: \w+ly)?(?: of it)? by\s+$")
ROUTES = frozenset("road bus train air plane boat ship rail sea lorry van way pass passed went go came".split())
FROM_TO = re.compile(r"\b(?:from|to|of|for|on|with|before|by)\s+$", re.I)
# What a government does, so that its capital is the subject; -ed and -s forms stand for most.
HELPERS = (
    r"(?:has|have|had|will|would|wo|did|does|do|could|can|may|must|should|might|is|was|were|are)"
)
VERB = (
    r"(?:said|says?|told|tells?|gave|gives?|put|puts|held|holds?|sent|sends?|took|takes?|made"
    r"|makes?|paid|pays?|set|sets|kept|keeps?|met|meets?|won|lost|built|spent|sought|seeks?|left"
    r"|drew|saw|sees|thinks?|thought|knew|knows?|wrote|writes?|chose|forbade|withdrew|stood|stands?"
    r"|began|spoke|undertook|rose|brought|buys|sells|bound|cut|cuts|hopes?|plans?|wants?|signs?"
    r"|rejects?|den(?:y|ies)|agrees?|accepts?|asks?|calls?|expects?|intends?|insists?|offers?"
    r"|pledges?|vows?|warns?|urges?|announces?|adopts?|ratif(?:y|ies)|denounces?|refuses?|demands?"
    r"|backs|supports?|thanks?|blames?|accuses?|promises?|opposes?|regards?|considers?|recognises?"
    r"|recognizes?|funds?|finances?|proposes?|replies|answers?|contests?|disputes?|shares?|votes?"
    r"|near|to (?:sign|ratify|send|pay|host|adopt|send|discuss|raise|share|fund|open)|\w{2,}(?<!n)ed)"
)
ACTS = re.compile(
    rf"(?:,? (?:too|also|itself|alone|again|now|still|yet|never|always|soon|meanwhile|later|since"
    rf"|already|only|once|\w+ly|in (?:turn|January|February|March|April|May|June|July|August"
    rf"|September|October|November|December)),?)?\s+(?:(?:{HELPERS})(?:n['’]t| not| never| yet| also"
    rf"| already| since| \w+ly)*\s+(?:been |be |to )?"
    rf"(?:(?:asked|told|thanked|urged|invited|informed|criticised|criticized|called|said|expected"
    rf"|willing|ready|unwilling|prepared|silent|considering|planning|trying|asking|seeking|pressing"
    rf"|to|in favour|content|obliged|a party|party|reluctant|keen|eager)\b|(?!a\b|an\b|the\b|in\b"
    rf"|at\b|on\b|of\b|so\b|now\b|where\b|what\b|\w+er\b|full\b|hot\b|cold\b)(?<!is )(?<!was )"
    rf"(?<!were )(?<!are )[a-z]+)|{VERB}\b)"
)
# What a government owns; a city has streets and hospitals.
OWNED = re.compile(
    r"\s*['’]s?\s+(?:(?:own|new|first|latest|official|foreign|then|former|present|recent|slow"
    r"|chief|public|bilateral|legal|national|second|only|top|long|draft|trafficking|anti-\w+"
    r"|interior|labour|labor|justice|defence|defense|deputy|prime|\d{4}|January|February|March|April"
    r"|May|June|July|August|September|October|November|December|parliamentary|liaison|treaty)\s+)*"
    r"(?:governments?|ministr(?:y|ies)|ministers?|position|decisions?|bans?|responses?|replies|reply"
    r"|refusal|rejection|reactions?|polic(?:y|ies)|laws?|reports?|rank(?:ing|s)?|grades?|tiers?"
    r"|list(?:ing|s)?|rating|score|efforts?|record|embass(?:y|ies)|ambassadors?|envoys?|consuls?"
    r"(?:-general)?|consulates?|delegat(?:ion|es?)\w*|delegation chief|representatives?|spokes\w+"
    r"|team|side|allies|ally|partners?|offers?|promises?|pledges?|proposals?|plans?|requests?"
    r"|demands?|claims?|critics|accession|ratification|signature|control|interests?|views?"
    r"|cooperation|support|help|aid|assistance|contribution|money|cheque|share|hands?|gift|role"
    r"|commitments?|obligations?|parliament|foreign|army|navy|borders?|diplomats?|diplomacy|"
    r"officials|legislation|strategy|stance|agreement|treaty|memorandum|talks|negotiators?|EU|bid"
    r"|jurists|method|nuclear|sovereignty|citizens|nationals|department of|praise|withdrawal|protest"
    r"|liaison officers?|deal|delisting|blacklist|statutes?|penal|consular|notes?|letters?)\b"
)
CLAUSE = re.compile(r"(?:^|[.;:!?\n\"“”(—–]\s*|\b(?:and|but|that|while|as|when|if|whether|because|"
                    r"although|though|so|after|before|until|once|since|which|what|says|said|nor)\s+|,\s+)$")
JOINED = re.compile(r"\s+(?:and|or|nor)\s+(?:[A-Z][\w.’'-]+(?:\s[A-Z][\w.’'-]+)?)")
OF_TWO = re.compile(
    r"\b(?:between|neither|both|either|pact|accord|deal|agreement)\s+$", re.I
)


DATELINE = re.compile(r"\s*(?:\(|[,:]\s*\d|[-–—:]|,\s*[A-Z][a-z]{2,8}\.?\s\d)")
LINE = re.compile(r"(?:^|\n)\s*$")
ANDED = re.compile(r"\s*(?:,|,?\s+(?:and|or|nor)|/|-|–)\s*")
WITH = re.compile(r"\bwith\s+$", re.I)
OPENS = re.compile(
    r"(?:^|[.;!?\n]\s*|\b(?:that|which|whether|because|although|nor)\s+"
    r"|(?:[Oo]n|[Ii]n|[Ss]ince|[Ll]ast|[Tt]his|[Aa]fter)\s(?:the\s)?[\w ]{0,14}(?:\d{1,4}|January|February|March|April|May"
    r"|June|July|August|September|October|November|December|[A-Z][a-z]+day|week|month|year|turn)"
    r"(?:\s\d{4})?,?\s+|\bago,?\s+)$"
)
ASKED = re.compile(
    r"(?:^|[.;!?:\n,]\s*|\b(?:what|why|how|when|nor|neither|so|as|than)\s+)"
    r"(?:does|do|did|will|would|has|have|had|should|can|could|may|is|was|do)\s+$",
    re.I,
)
SUBJECT = re.compile(
    r"\s+(?!in\b|at\b|on\b|and\b|or\b|is\b|was\b|are\b|were\b|for\b|to\b|from\b|of\b|as\b"
    r"|the\b|a\b|with\b|time\b)[a-z]+"
)
CITY_NOUN = re.compile(
    r"(?:-based|\s*['’]s)?\s+(?:groups?|offices?|foundations?|(?:news)?papers?|courts?|shelters?|airport"
    r"|universit\w+|hotels?|streets?|suburbs?|ones|lawyers?|bureau|daily|weekly|newsletter|hospitals?"
    r"|clinics?|markets?|branch|dail\w+|street|mayor|municipal\w*|district|metro\w*|port|stadium"
    r"|restaurants?|apartments?|flats?|agency|firm|company|compan\w+|station|zoo|museum|skyline"
    r"|conference|summit|meeting|round|protocol|convention|declaration|process|forum|workshop)\b"
)
GOVERNMENT, CITY, UNKNOWN = 1, -1, 0


def stances(text: str, spans: Sequence[tuple[int, int]]) -> list[int]:
    """Give what each capital stands for, of a text's capitals in order: see `stance`.

    Those that are joined (`Hanoi and Phnom Penh`) stand for the same kind of thing.
    """
    found = [stance(text, start, end) for start, end in spans]
    groups: list[list[int]] = []
    for index, (start, _) in enumerate(spans):
        if groups and ANDED.fullmatch(text[spans[index - 1][1] : start]):
            groups[-1].append(index)
        else:
            groups.append([index])
    for group in groups:
        total = sum(found[index] for index in group)
        for index in group:
            found[index] = found[index] or (total > 0) - (total < 0)
    return found


def stance(text: str, start: int, end: int) -> int:
    """Tell what the words beside a capital make of it: 1 its government, -1 a city, 0 neither."""
    before, after = text[max(0, start - 60) : start], text[end : end + 90]
    if PLACED.search(before) or (DATELINE.match(after) and LINE.search(before)):
        return CITY
    if OWNED.match(after) or ADDRESSED.search(before):
        return GOVERNMENT
    if passive := BY.search(before):
        return UNKNOWN if passive[1].casefold() in ROUTES else GOVERNMENT
    if CITY_NOUN.match(after):
        return CITY
    if WITH.search(before) or (OF_TWO.search(before) and JOINED.match(after)):
        return GOVERNMENT
    if ASKED.search(before) and re.match(r"\s+(?:and\s\S+\s)?[a-z]", after):
        return GOVERNMENT
    if FROM_TO.search(before) or not CLAUSE.search(before):
        return UNKNOWN
    joined = JOINED.match(after)
    rest = after[joined.end() :] if joined else after
    if ACTS.match(rest) or (OPENS.search(before) and SUBJECT.match(rest)):
        return GOVERNMENT
    return UNKNOWN
