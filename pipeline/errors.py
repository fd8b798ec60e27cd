"""Kinds of errors. The message stands where the facts are: where, found, expected, what to do."""


class PipelineError(Exception):
    """Anything that pactgraph can explain in one line; the command exits with 1."""


class ConfigError(PipelineError):
    """A setting, a rule file or a schema says something that cannot be carried out."""


class InputError(PipelineError):
    """A file or folder that was named cannot be read, or an output cannot be written."""


class RecordError(PipelineError):
    """A row breaks the schema of its table."""


class MarkupError(PipelineError):
    """An annotated text cannot be read back as text, mentions and relations."""


class KnowledgeError(PipelineError):
    """The knowledge files contradict themselves or each other."""
