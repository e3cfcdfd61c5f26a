"""Signing in: nobody signs up, the second factor is always asked for, and a role is what the file says."""

import base64
import html
import pickle
import re
import time
import tomllib
from pathlib import Path

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from cryptography.exceptions import InvalidTag
from django.contrib.auth.models import Group, Permission, User
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from wagtail.models import GroupPagePermission

from config.accounts.demo import shut_demo_accounts
from config.accounts.roles import ROLES, give_role, load_roles
from config.accounts.signin import KEY_CHANGED, EncryptedSecrets
from config.launch.environment import read_environment
from config.launch.keys import new_keys
from config.launch.prepare import check_data_keys, check_demo_is_at_home, tell_of_a_new_secret_key
from facilities.directory.claims import Claim
from intake.callbacks.models import CallbackMessage
from tests.factories import make_lead, make_user, page_of, sign_in

pytestmark = pytest.mark.django_db

QUEUE = "/desk/queue/"
PASSWORD = "a long enough password"


@pytest.fixture(autouse=True)
def _quick_and_steady(settings):
    """A hash that costs nothing."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def at_once(monkeypatch):
    """What waits for a commit is done before the answer, as without the transaction around a test."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda act, **kwargs: act())


@pytest.fixture
def consultant(db):
    user = make_user(username="casey")
    user.set_password(PASSWORD)
    user.save()
    return user


def code_of(secret: str) -> str:
    """The code that an authenticator app shows now."""
    _, counter, _ = yield_hotp_counters_from_time()
    return format_hotp_value(hotp_value(secret, counter))


def wrong_code(secret: str) -> str:
    right = {format_hotp_value(hotp_value(secret, counter)) for counter in yield_hotp_counters_from_time()}
    return next(f"{number:06d}" for number in range(9) if f"{number:06d}" not in right)


def enrol(user: User) -> str:
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def log_in(client, password: str = PASSWORD, **how):
    return client.post("/accounts/login/?next=/desk/", {"login": "casey", "password": password}, **how)


# --- Sign-up --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_signs_up(client, method):
    answers = {"username": "mallory", "email": "m@example.org", "password1": PASSWORD, "password2": PASSWORD}

    response = getattr(client, method)("/accounts/signup/", answers)

    assert 'name="password1"' not in response.text
    assert User.objects.filter(username="mallory").count() == 0


def test_first_page_of_the_desk_asks_for_a_sign_in(client):
    response = client.get(QUEUE)

    assert (response.status_code, response["Location"]) == (302, f"/desk/login/?next={QUEUE}")
    assert client.get(response["Location"])["Location"] == f"/accounts/login/?next={QUEUE}"


# --- Second factor --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/desk/", QUEUE, "/cms/"])
@pytest.mark.parametrize("role", ["consultant", "manager"])
def test_without_a_second_factor_staff_are_sent_to_set_it_up(client, path, role):
    lead = make_lead(name="Zebulon")
    client.force_login(make_user(role))

    response = client.get(path)

    if path == "/cms/" and role == "consultant":
        assert response.status_code == 403
    else:
        assert (response.status_code, response["Location"]) == (302, "/accounts/2fa/totp/activate/")
    assert client.get(page_of(lead))["Location"] == "/accounts/2fa/totp/activate/"
    assert lead.reference not in response.text


@pytest.mark.parametrize("act", ["claim", "reveal", "add-note"])
def test_without_a_second_factor_nothing_can_be_done_by_post(client, act):
    consultant = make_user()
    lead = make_lead(claimed_by=consultant)
    client.force_login(consultant)

    response = client.post(f"{QUEUE}{lead.pk}/{act}/", {"text": "x"})

    assert (response.status_code, response["Location"]) == (302, "/accounts/2fa/totp/activate/")
    assert lead.activities.count() == 0


def test_sign_in_asks_for_the_code_and_then_opens_the_desk(client, consultant):
    lead = make_lead()
    secret = enrol(consultant)

    password = log_in(client)
    before = client.get(QUEUE)
    code = client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    after = client.get(QUEUE)

    assert (password.status_code, password["Location"].partition("?")[0]) == (302, "/accounts/2fa/authenticate/")
    assert (before.status_code, lead.reference in before.text) == (302, False)
    assert (code.status_code, code["Location"]) == (302, "/desk/")
    assert (after.status_code, lead.reference in after.text) == (200, True)


def test_wrong_code_opens_nothing(client, consultant):
    secret = enrol(consultant)
    log_in(client)

    response = client.post("/accounts/2fa/authenticate/", {"code": wrong_code(secret)})

    assert (response.status_code, dict(response.context["form"].errors)) == (200, {"code": ["Incorrect code."]})
    assert client.get(QUEUE).status_code == 302
    assert "_auth_user_id" not in client.session


def test_code_counts_once(client, consultant):
    secret = enrol(consultant)
    code = code_of(secret)
    log_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": code})
    client.post("/accounts/logout/")
    log_in(client)

    response = client.post("/accounts/2fa/authenticate/", {"code": code})

    assert response.status_code == 200
    assert "_auth_user_id" not in client.session


def test_shared_memory_of_sign_ins_names_nobody(client, consultant):
    secret = enrol(consultant)
    code = code_of(secret)
    log_in(client, "another password")
    log_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": wrong_code(secret)})
    client.post("/accounts/2fa/authenticate/", {"code": code})

    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM shared_cache")
        rows = cursor.fetchall()

    assert len(rows) >= 2
    assert [key for key, _ in rows if not re.fullmatch(r"[0-9a-f]{64}", key)] == []
    values = [pickle.loads(base64.b64decode(value)) for _, value in rows]
    assert [value for value in values if not is_times_or_a_mark(value)] == []


def is_times_or_a_mark(value) -> bool:
    return value in ("y", True) or (isinstance(value, list) and all(isinstance(at, float) for at in value))


def test_wrong_password_opens_nothing(client, consultant):
    enrol(consultant)

    response = log_in(client, "another password")

    assert response.status_code == 200
    assert client.get("/accounts/2fa/authenticate/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_guesses_of_a_stranger_do_not_lock_the_owner_out(client, consultant):
    for _ in range(6):
        refused = client.post(
            "/accounts/login/", {"login": "casey", "password": "a wrong one"}, REMOTE_ADDR="192.0.2.1"
        )

    signed_in = log_in(client)

    assert "Wait five minutes, then try again." in refused.text
    assert (signed_in.status_code, "_auth_user_id" in client.session) == (302, True)


def test_second_factor_must_be_shown_in_this_very_session(client, consultant):
    make_lead()
    enrol(consultant)
    client.force_login(consultant)

    response = client.get(QUEUE)

    assert (response.status_code, response["Location"]) == (
        302, "/accounts/2fa/reauthenticate/?next=%2Fdesk%2Fqueue%2F",
    )  # fmt: skip


def test_code_shown_later_opens_the_desk(client, consultant):
    secret = enrol(consultant)
    client.force_login(consultant)

    shown = client.post(f"/accounts/2fa/reauthenticate/?next={QUEUE}", {"code": code_of(secret), "next": QUEUE})

    assert (shown.status_code, shown["Location"]) == (302, QUEUE)
    assert client.get(QUEUE).status_code == 200


@pytest.mark.parametrize("path", ["2fa/totp/deactivate/", "2fa/totp/activate/", "2fa/recovery-codes/generate/", "2fa/",
                                  "2fa/webauthn/add/", "password/change/", "email/"])  # fmt: skip
def test_password_alone_changes_nothing_of_the_account(client, consultant, path):
    enrol(consultant)
    client.force_login(consultant)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    answers = [client.get(f"/accounts/{path}"), client.post(f"/accounts/{path}", {"password": PASSWORD})]

    shown_first = (302, "/accounts/2fa/reauthenticate/")
    assert [(answer.status_code, answer["Location"].partition("?")[0]) for answer in answers] == [shown_first] * 2
    assert Authenticator.objects.filter(user=consultant, type=Authenticator.Type.TOTP).count() == 1


@pytest.mark.parametrize("path", ["/cms/login/", "/cms/login/?next=/cms/"])
def test_cms_has_no_sign_in_of_its_own(client, consultant, path):
    answer = client.post(path, {"username": "casey", "password": PASSWORD})

    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/accounts/login/")
    assert "_auth_user_id" not in client.session


def test_code_shown_as_another_user_does_not_count(client, consultant):
    other = make_user()
    sign_in(client, other)
    enrol(consultant)
    methods = {key: value for key, value in client.session.items() if key.startswith("account_authentication")}
    client.force_login(consultant)
    session = client.session
    session.update(methods)
    session.save()

    response = client.get(QUEUE)

    assert (response.status_code, response["Location"].partition("?")[0]) == (302, "/accounts/2fa/reauthenticate/")


def test_first_sign_in_is_password_set_up_recovery_codes_and_then_work(client, consultant, at_once):
    lead = make_lead()
    page = log_in(client, follow=True)
    code = code_of(client.session["mfa.totp.secret"])

    codes = client.post("/accounts/2fa/totp/activate/", {"code": code}, follow=True)
    work = client.get("/accounts/signed-in/", follow=True)

    assert page.request["PATH_INFO"] == "/accounts/2fa/totp/activate/"
    assert codes.request["PATH_INFO"] == "/accounts/2fa/recovery-codes/"
    assert "Keep these where you keep your papers; each works once" in codes.text
    assert '<a class="button" href="/accounts/signed-in/">Go on to your work</a>' in codes.text
    assert {row.type for row in Authenticator.objects.filter(user=consultant)} == {"totp", "recovery_codes"}
    assert (work.request["PATH_INFO"], lead.reference in work.text) == (QUEUE, True)


def test_code_that_set_the_factor_up_does_not_count_again(client, consultant, at_once):
    log_in(client, follow=True)
    code = code_of(client.session["mfa.totp.secret"])
    client.post("/accounts/2fa/totp/activate/", {"code": code})
    client.post("/accounts/logout/")
    log_in(client)

    client.post("/accounts/2fa/authenticate/", {"code": code})

    assert "_auth_user_id" not in client.session


def test_password_is_asked_for_again_when_the_sign_in_is_long_ago(client, consultant, settings):
    log_in(client)
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0

    response = client.get("/accounts/2fa/totp/activate/")

    assert response["Location"] == "/accounts/reauthenticate/?next=%2Faccounts%2F2fa%2Ftotp%2Factivate%2F"


def test_password_is_not_offered_in_place_of_the_second_factor(client, consultant):
    enrol(consultant)
    client.force_login(consultant)

    page = client.get(QUEUE, follow=True)
    by_password = client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    assert page.request["PATH_INFO"] == "/accounts/2fa/reauthenticate/"
    assert ("/accounts/reauthenticate/" in page.text, "password" in page.text.lower().split("<main>")[1]) == (
        False,
        False,
    )
    assert by_password["Location"].partition("?")[0] == "/accounts/2fa/reauthenticate/"


def test_security_key_is_offered_only_where_one_is_set_up(client, consultant):
    enrol(consultant)
    log_in(client)

    page = client.get("/accounts/2fa/authenticate/")

    assert (page.status_code, "security key" in page.text) == (200, False)


def test_secrets_of_the_second_factor_are_not_readable_in_the_table(consultant):
    secret = enrol(consultant)

    data = Authenticator.objects.get(user=consultant).data

    assert set(data) == {"secret"}
    assert secret not in data["secret"]
    assert EncryptedSecrets().decrypt(data["secret"]) == secret


def test_recovery_codes_are_not_readable_in_the_table(client, consultant):
    sign_in(client, consultant)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/2fa/recovery-codes/generate/")

    [row] = Authenticator.objects.filter(user=consultant, type="recovery_codes")

    codes = row.wrap().get_unused_codes()
    assert len(codes) == 10
    assert [code for code in codes if code in str(row.data)] == []
    assert EncryptedSecrets().decrypt(row.data["seed"]) not in str(row.data)


def test_secret_of_the_second_factor_opens_with_its_own_key_only(settings):
    encrypted = EncryptedSecrets().encrypt("JBSWY3DPEHPK3PXP")

    settings.SECRET_KEY = "another" * 10

    with pytest.raises(InvalidTag):
        EncryptedSecrets().decrypt(encrypted)


def test_pages_of_the_sign_in_are_kept_by_no_cache(client):
    response = client.get("/accounts/login/")

    assert (response.status_code, response["Cache-Control"]) == (200, "no-store, private")


@pytest.mark.parametrize(
    ("role", "place"),
    [("consultant", "/desk/"), ("lead", "/desk/"), ("manager", "/desk/"), ("editor", "/cms/"), ("", "/accounts/2fa/")],
)
def test_everybody_lands_where_their_work_is(client, role, place):
    sign_in(client, make_user(role))

    response = client.get("/accounts/signed-in/")

    assert (response.status_code, response["Location"]) == (302, place)


# --- Roles ----------------------------------------------------------------------------------------------------------


def labels(group: Group) -> set[str]:
    return {f"{app}.{code}" for app, code in group.permissions.values_list("content_type__app_label", "codename")}


def test_roles_hold_exactly_what_the_file_says():
    written = tomllib.loads(Path(ROLES).read_text())
    load_roles()
    planted = Permission.objects.filter(codename__in=["delete_user", "view_lead", "access_admin"])
    for group in Group.objects.all():
        group.permissions.add(*planted)
    Group.objects.get(name="consultant").permissions.remove(Permission.objects.get(codename="work_lead"))

    load_roles()

    held = {name: labels(Group.objects.get(name=name)) for name in written}
    assert held == {name: set(role["permissions"]) for name, role in written.items()}


def test_rights_on_pages_are_exactly_what_the_file_says():
    written = tomllib.loads(Path(ROLES).read_text())

    load_roles()

    rights = GroupPagePermission.objects.values_list("group__name", "permission__codename")
    wanted = {(name, f"{kind}_page") for name, role in written.items() for kind in role.get("pages", [])}
    assert {right for right in rights if right[0] in written} == wanted


def test_every_permission_of_the_file_has_a_reason():
    written = tomllib.loads(Path(ROLES).read_text())

    reasons = [reason for role in written.values() for reason in role["permissions"].values()]
    assert [reason for reason in reasons if not reason.endswith(".")] == []


def test_role_decides_who_may_enter_the_desk():
    user = make_user("consultant")
    entered = user.is_staff

    give_role(user, "editor")

    assert (entered, user.is_staff, [group.name for group in user.groups.all()]) == (True, False, ["editor"])


@pytest.mark.parametrize("role", ["editor", "reviewer"])
def test_writers_have_no_right_to_anything_of_intake(role):
    user = make_user(role)

    assert [right for right in user.get_all_permissions() if right.startswith("intake.")] == []


def test_consultant_has_no_right_to_the_cms():
    user = make_user("consultant")

    assert [right for right in user.get_all_permissions() if not right.startswith("intake.")] == []


def test_only_roles_are_listed_after_the_roles_are_loaded():
    Group.objects.get_or_create(name="Editors")
    Group.objects.get_or_create(name="Moderators")

    load_roles()

    assert {group.name for group in Group.objects.all()} == set(tomllib.loads(Path(ROLES).read_text()))


def test_group_that_somebody_is_in_is_kept():
    group, _ = Group.objects.get_or_create(name="Editors")
    make_user("").groups.add(group)

    load_roles()

    assert Group.objects.filter(name="Editors").count() == 1


# --- Accounts, made by who runs the server --------------------------------------------------------------------------


def add_staff(capsys, *arguments: str) -> str:
    call_command("add_staff", *arguments)
    return capsys.readouterr().out


def password_in(output: str) -> str:
    return re.search(r"shown only now: (\S+)", output)[1]


def test_new_account_has_its_role_and_signs_in_with_the_password_that_was_shown(client, capsys):
    output = add_staff(capsys, "casey", "--role", "consultant")

    log_in(client, password_in(output))
    user = User.objects.get(username="casey")
    assert ([group.name for group in user.groups.all()], user.is_staff, user.is_superuser) == (
        ["consultant"], True, False,
    )  # fmt: skip
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.get(QUEUE)["Location"] == "/accounts/2fa/totp/activate/"


def test_password_that_was_shown_is_long_enough_for_the_rules(capsys):
    password = password_in(add_staff(capsys, "casey", "--role", "editor"))

    validate_password(password)
    assert re.fullmatch(r"([a-z2-9]{4}-){4}[a-z2-9]{4}", password)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["casey", "--role", "chef"], r"no role 'chef'. The roles are: editor, reviewer, consultant, lead, manager\."),
        (["casey"], r"'casey' is new. Give the account a role, ROLE= one of: editor"),
        (["casey", "--reset"], r"Nobody has the name 'casey'"),
        (["casey", "--off"], r"Nobody has the name 'casey'"),
        (["ca sey", "--role", "lead"], r"Enter a valid username"),
    ],
)
def test_account_that_cannot_be_made_is_refused_with_a_sentence(arguments, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("add_staff", *arguments)

    assert User.objects.count() == 0


def test_same_name_again_changes_the_role_alone(consultant, capsys):
    output = add_staff(capsys, "Casey", "--role", "editor")

    consultant.refresh_from_db()
    assert ([group.name for group in consultant.groups.all()], consultant.is_staff) == (["editor"], False)
    assert consultant.check_password(PASSWORD)
    assert (output, User.objects.count()) == ("casey has the role editor.\n", 1)


def test_reset_gives_a_new_password_takes_the_lost_phone_away_and_ends_sessions(client, consultant, capsys):
    sign_in(client, consultant)
    before = client.get(QUEUE).status_code

    output = add_staff(capsys, "casey", "--reset")

    consultant.refresh_from_db()
    assert (before, client.get(QUEUE).status_code) == (200, 302)
    assert consultant.check_password(password_in(output))
    assert Authenticator.objects.filter(user=consultant).count() == 0


def test_shut_account_signs_in_nowhere_and_its_sessions_never_come_back(client, consultant, capsys):
    sign_in(client, consultant)

    add_staff(capsys, "casey", "--off")
    shut = client.get(QUEUE).status_code
    refused = log_in(Client())
    opened = add_staff(capsys, "casey", "--reset")

    assert (shut, refused.status_code, client.get(QUEUE).status_code) == (302, 200, 302)
    assert log_in(Client(), password_in(opened)).status_code == 302


# --- Demo -----------------------------------------------------------------------------------------------------------


def test_demo_is_refused_where_demo_is_off(settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match=r"DEMO is off, so demo accounts are refused\."):
        call_command("load_demo")

    assert User.objects.filter(username="consultant").count() == 0
    assert CallbackMessage.objects.count() == 0


def test_demo_makes_one_account_for_each_role_once(settings, capsys):
    settings.DEMO = True

    call_command("load_demo")
    call_command("load_demo")

    staff = {user.username: [group.name for group in user.groups.all()] for user in User.objects.all()}
    assert staff == {role: [role] for role in ("consultant", "lead", "editor", "reviewer", "manager")}
    assert CallbackMessage.objects.count() == 6
    assert all(user.check_password("quietline-demo") for user in User.objects.all())


@pytest.mark.parametrize("name", ["maria", "manager"])
def test_start_with_the_demo_on_changes_nothing_where_real_people_have_accounts(settings, name):
    settings.DEMO = True
    User.objects.create_user(name, password=PASSWORD)

    with pytest.raises(CommandError, match="DEMO=off"):
        check_demo_is_at_home()


def test_demo_goes_on_beside_accounts_that_were_made_in_it(settings):
    settings.DEMO = True
    call_command("load_demo")
    User.objects.create_user("maria", password=PASSWORD)

    check_demo_is_at_home()

    Claim.objects.all().delete()  # they are owned by an account
    User.objects.all().delete()
    check_demo_is_at_home()


def test_demo_account_is_shut_where_demo_is_off_and_open_again_where_it_is_on(settings):
    settings.DEMO = True
    call_command("load_demo")
    real = User.objects.get(username="lead")
    real.set_password(PASSWORD)
    real.save()

    shut = shut_demo_accounts()

    still_open = list(User.objects.filter(is_active=True).values_list("username", flat=True))
    call_command("load_demo")
    assert (shut, still_open) == (4, ["lead"])
    assert User.objects.filter(is_active=True).count() == 5


def test_password_of_the_demo_opens_nothing_where_demo_is_off_even_if_nobody_shut_the_account(settings):
    settings.DEMO = True
    call_command("load_demo")
    typed = {"login": "manager", "password": "quietline-demo"}
    before, late = Client(), Client()
    opened = before.post("/accounts/login/", typed)

    settings.DEMO = False
    late.post("/accounts/login/", typed)
    places = ("/desk/", "/accounts/2fa/totp/activate/", "/accounts/password/change/")
    of_older_session = [before.get(place).status_code for place in places]

    assert (opened.status_code, late.get("/desk/").status_code) == (302, 302)
    assert "sessionid" not in late.cookies and "_auth_user_id" not in late.session
    assert of_older_session == [403] * 3


def test_start_stops_at_data_keys_that_do_not_open_what_is_stored(set_keys):
    make_lead()
    check_data_keys()
    set_keys(DATA_KEYS=[new_keys()["DATA_KEYS"]])

    with pytest.raises(CommandError, match="DATA_KEYS do not open what is stored"):
        check_data_keys()


# --- A new SECRET_KEY -----------------------------------------------------------------------------------------------


def test_new_secret_key_leads_to_setting_the_factor_up_anew_and_says_why(client, consultant, settings, at_once):
    enrol(consultant)
    RecoveryCodes.activate(consultant)
    settings.SECRET_KEY = new_keys()["SECRET_KEY"]

    signed_in = log_in(client, follow=True)
    secret = client.session["mfa.totp.secret"]
    set_up = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)}, follow=True)

    assert signed_in.redirect_chain[-1][0] == "/accounts/2fa/totp/activate/"
    assert KEY_CHANGED in html.unescape(signed_in.content.decode())
    assert set_up.status_code == 200 and set_up.redirect_chain[-1][0].startswith("/accounts/2fa/recovery-codes/")
    assert client.get(QUEUE).status_code == 200


def test_new_secret_key_alone_opens_nothing_and_takes_nothing_away(client, consultant, settings):
    enrol(consultant)
    settings.SECRET_KEY = new_keys()["SECRET_KEY"]

    wrong = log_in(client, password="another password of mine")

    assert (wrong.status_code, Authenticator.objects.count()) == (200, 1)


def test_second_factor_that_opens_stays(client, consultant):
    enrol(consultant)
    log_in(client)

    assert Authenticator.objects.count() == 1


def test_start_says_what_a_new_secret_key_ends_and_takes_nothing_away(consultant, settings, capsys):
    enrol(consultant)
    RecoveryCodes.activate(consultant)
    tell_of_a_new_secret_key()
    before = capsys.readouterr().out
    settings.SECRET_KEY = new_keys()["SECRET_KEY"]
    tell_of_a_new_secret_key()
    after = capsys.readouterr().out

    assert before == "" and "1 accounts" in after and Authenticator.objects.count() == 2


@pytest.mark.parametrize(("database", "demo"), [("", "on"), ("postgres://somebody@localhost/real", "off")])
def test_demo_is_the_default_only_in_a_database_of_our_own(monkeypatch, database, demo):
    monkeypatch.delenv("DEMO", raising=False)
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.delenv("ALLOWED_HOSTS")  # the tests' own

    environment, _, _ = read_environment()

    assert environment["DEMO"] == demo


@pytest.mark.parametrize(
    ("address", "place"),
    [("/desk/auth/", "/desk/"), ("/desk/password_change/", "/accounts/password/change/")],
)
def test_stock_pages_of_the_desk_lead_to_ours(client, address, place):
    sign_in(client, make_user())

    response = client.get(address)

    assert (response.status_code, response["Location"]) == (302, place)


@pytest.mark.parametrize("step", [-1, 0, 1])
def test_code_makes_one_sign_in_for_as_long_as_it_would_be_taken(client, consultant, step):
    secret = enrol(consultant)
    shown = []

    with time_machine.travel(timezone.now(), tick=False) as clock:
        code = format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))
        for _ in range(3):
            browser = Client()
            log_in(browser)
            browser.post("/accounts/2fa/authenticate/", {"code": code})
            shown.append(browser.get(QUEUE).status_code == 200)
            clock.shift(31)

    assert shown == [True, False, False]


@pytest.mark.parametrize(("steps", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_code_one_step_early_or_late_is_taken(consultant, steps, is_taken):
    secret = enrol(consultant)
    totp = Authenticator.objects.get(user=consultant, type=Authenticator.Type.TOTP).wrap()

    with time_machine.travel(timezone.now(), tick=False):
        now = int(time.time()) // 30
        code = format_hotp_value(hotp_value(secret, now + steps))

        assert totp.validate_code(code) == is_taken
