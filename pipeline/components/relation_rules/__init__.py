"""Component `relation_rules`: relations by rule, from the parse and from neighbouring names.

Reads `doc.ents` (and `doc.spans["references"]`) with the parse, writes `doc._.statements`:
a list of (head span index, relation, tail span index, status, score, evidence start token,
evidence end token, date index, document index, rating index, amount index); indexes count
`doc._.mention_spans`, -1 means none. Steps: the DependencyMatcher finds each trigger's
arguments, conjuncts and stand-ins widen them to mentions, the schema keeps what may hold,
the words that govern the trigger give the status, dates and documents nearby qualify it.
"""
