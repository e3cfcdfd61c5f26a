"""The arrows between rooms: each file knows only the rooms that the design lets it know, however it names them."""

import ast

import pytest

from tests.arrows import MAY_KNOW, OURS, ROOT, forbidden_arrows, python_files


def test_rooms_know_only_what_the_design_lets_them_know():
    files = [path for path in python_files(*OURS) if path.parent.name != "migrations"]

    wrong = {
        str(path.relative_to(ROOT)): forbidden_arrows(str(path.relative_to(ROOT)), path.read_text()) for path in files
    }

    assert {path: arrows for path, arrows in wrong.items() if arrows} == {}


@pytest.mark.parametrize(
    ("path", "planted"),
    [
        ("facilities/pages/models.py", "from intake.leads.models import Lead"),
        ("facilities/facts.py", "from config.edge.addresses import FORM"),
        ("intake/phone/homes.py", "from facilities.directory.zones import ZONES"),
        ("intake/privacy/keys.py", "from intake.callbacks import models"),
        ("intake/callbacks/views.py", "import intake.leads.models"),
        ("intake/callbacks/models.py", "from intake.desk.site import desk_site"),
        ("intake/leads/acts/call.py", "def late():\n    from intake.insurance.models import Coverage"),
        ("intake/leads/models.py", "from config.settings import DEBUG"),
        ("intake/insurance/panel.py", "from intake.desk import lead"),
        ("config/edge/errors.py", "from facilities.pages.site_settings import SiteSettings"),
        ("config/edge/health.py", "from intake.callbacks.heartbeat import is_beating"),
        ("config/edge/middleware.py", "from config.launch.start import HOST"),
        ("config/accounts/signin.py", "import intake.models"),
        # a reverse name
        ("intake/leads/models.py", "def f(lead):\n    return lead.coverages.all()"),
        ("intake/leads/queue.py", "leads.filter(coverages__rank=1)"),
        ("intake/leads/queue.py", "leads.prefetch_related('coverages__verifications')"),
        ("intake/callbacks/inbox.py", "message.leadmessage.lead"),
        ("intake/leads/queue.py", "getattr(lead, 'coverages')"),
        # a string
        ("intake/callbacks/models.py", "models.ForeignKey('intake.Lead', models.CASCADE)"),
        ("intake/leads/models.py", "apps.get_model('intake', 'Coverage')"),
        ("intake/leads/models.py", "import_module('intake.insurance.models')"),
        ("intake/callbacks/views.py", "user.has_perm('intake.view_coverage')"),
        ("intake/leads/models.py", "reverse('desk:lead')"),
        ("facilities/directory/uses.py", "apps.get_model('intake.Coverage')"),
        # a name that nobody can read
        ("intake/leads/queue.py", "from intake.leads import acts\ngetattr(acts, name)"),
        ("intake/leads/models.py", "import_module(name)"),
        ("intake/leads/models.py", "apps.get_model(label)"),
    ],
)  # fmt: skip
def test_a_planted_forbidden_arrow_is_found(path, planted):
    assert forbidden_arrows(path, planted) != []


@pytest.mark.parametrize(
    ("path", "planted"),
    [
        ("intake/insurance/models.py", "lead.coverages.current()"),
        ("intake/desk/lead.py", "from intake.insurance.models import Coverage\nreverse('desk:lead')"),
        ("intake/leads/models.py", "lead.activities.filter(note__lead=lead)"),
        ("intake/leads/queue.py", "getattr(self, tab)"),
        ("config/launch/prepare.py", "from intake.leads.models import Lead"),
    ],
)
def test_an_arrow_of_the_design_is_not_found(path, planted):
    assert forbidden_arrows(path, planted) == []


def test_every_room_says_in_one_sentence_what_it_is_for():
    parts = {"models", "management", "migrations", "urls", "demo", "templatetags"}
    rooms = [path for app in OURS for path in (ROOT / app).glob("*/__init__.py") if path.parent.name not in parts]

    assert [path for path in rooms if not ast.get_docstring(ast.parse(path.read_text()))] == []
    named = {f"{path.parent.parent.name}.{path.parent.name}" for path in rooms}
    assert {name for name in named if not name.startswith("facilities")} <= {*MAY_KNOW, "config.launch"}
