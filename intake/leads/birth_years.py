"""In which years the person of a lead may be born. A room above this one knows it, and registers how to read it."""

from collections.abc import Callable

from intake.leads.models import Lead
from intake.leads.tokens import LookupToken, person_tokens

_readers: list[Callable[[Lead], set[str]]] = []


def register(read: Callable[[Lead], set[str]]) -> None:
    """`read` gives the years, such as "1980", that its room knows of a lead."""
    _readers.append(read)


def keep_birth_years(lead: Lead) -> None:
    """Let the lead be compared by name and birth year, as these are known now."""
    years = set().union(*(read(lead) for read in _readers))
    lead.lookup_tokens.filter(kind=LookupToken.Kind.PERSON).delete()
    LookupToken.objects.bulk_create(person_tokens(lead, name=lead.name, years=years), ignore_conflicts=True)
