"""Public yardsticks: the project's networks, trained and scored on sets that others report on.

Run with `python -m tests.benchmarks.yardsticks --data DIR`, where DIR holds the sets as
`NAME-PART.jsonl.gz`: a JSON object a line with `id`, `text`, `spans` (start, end, label; in
characters) and `relations` (head, tail, label; indexes into spans). Recognizer and relater are
those of the pipeline, trained by the functions of its train stages on a set's own train part,
with the settings of yardsticks.yaml, chosen without the test part. Where they name a `start`,
training begins from those weights, which have learnt names from other public texts and from
CrossNER's train part. Nothing of a set enters the project: what training needs lies in the
folder `--work` with the models, which are opened again where set and settings are the same, and
yardsticks.csv holds numbers alone. A broken run goes on from its last epoch.

- CoNLL04 (Roth and Yih 2004), end to end from text: micro F1 of relations, strict. A relation
  counts where borders and labels of both ends, its name and its direction are right.
- CrossRE politics and news (Bassignana and Plank 2022), a model for each domain: which relations
  hold from a head to a tail, learnt from and asked of those pairs alone for which gold says that
  some hold. As in the authors' code, F1 is taken of each relation over all these pairs, of which
  one may have several, and averaged over the relations that the scored part of the domain has,
  each with the same weight; one that it has not is left out, also where it is predicted. What
  differs: the authors learn the first relation of each pair and predict one; the relater learns
  all of them, and gives a pair its best relation and each other one that reaches `floor`. It
  scores all pairs of a sentence in one pass. The authors report the mean of five seeds.
- CrossNER politics (Liu et al. 2021): micro F1 of spans, borders and label.
"""
