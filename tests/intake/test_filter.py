"""The queue may be narrowed, which hides nobody in danger; a filter is kept under a name of one's own."""

import pytest

from intake.leads.saved_filter import SavedFilter
from tests.factories import make_lead, make_user, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("roles")]
QUEUE = "/desk/queue/"


@pytest.fixture
def consultant(client):
    user = make_user()
    sign_in(client, user)
    return user


def shown(page) -> set:
    return {lead.pk for lead in page.context["rows"]}


def test_filter_narrows_the_queue_and_hides_nobody_in_danger(client, consultant):
    spanish, danger = make_lead(language="es"), make_lead(is_crisis=True)
    make_lead()

    page = client.get(QUEUE, {"language": "es"})

    assert shown(page) == {spanish.pk, danger.pk}
    assert page.context["queue"].open_count == 2
    assert "language=es" in page.text.split('aria-label="Parts of the queue"')[1].split("</nav>")[0]


@pytest.mark.parametrize("query", [{"language": "xx"}, {"about": "\x00"}, {"language": ["es", "en"]}, {"page": "-1"}])
def test_filter_that_makes_no_sense_hides_nobody_by_mistake(client, consultant, query):
    lead = make_lead()

    assert lead.pk in shown(client.get(QUEUE, query))


def test_filter_is_kept_under_a_name_and_forgotten(client, consultant):
    client.post("/desk/save-filter/", {"name": "Spanish", "language": "es"})
    there = client.post("/desk/save-filter/", {"name": "Spanish", "language": "es", "about": "self"})["Location"]
    listed = client.get(there).text

    client.post("/desk/forget-filter/", {"name": "Spanish"})

    assert there == f"{QUEUE}?language=es&about=self"
    assert "Forget “Spanish”" in listed
    assert not SavedFilter.objects.exists()


def test_nobody_sees_or_forgets_the_filters_of_another(client, consultant):
    SavedFilter.objects.create(owner=make_user(), name="Theirs", language="es")

    client.post("/desk/forget-filter/", {"name": "Theirs"})

    assert SavedFilter.objects.count() == 1
    assert "Theirs" not in client.get(QUEUE).text


def test_filter_without_a_name_is_not_kept(client, consultant):
    client.post("/desk/save-filter/", {"name": " ", "language": "es"})

    assert not SavedFilter.objects.exists()
