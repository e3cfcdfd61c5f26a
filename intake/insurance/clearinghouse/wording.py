"""The v3 JSON of an eligibility check: the body of a request, and what a reply says.

Field names and rules are those of the published OpenAPI files of Stedi and Optum, which share this shape.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from intake.insurance.x12.answer import Answer, Benefit, Entity, Person, Rejection
from intake.insurance.x12.write270 import Question, Who

PER_CENT = Decimal(100)
Json = dict[str, Any]


def request_of(question: Question) -> Json:
    """As little of the person as will do: no number of social security, no diagnosis, no address.

    Optum asks for the nine digits of `controlNumber`, and Stedi does not read them.
    """
    body: Json = {
        "controlNumber": f"{question.control_number:09}",
        "tradingPartnerServiceId": question.payer_id,
        "provider": {"organizationName": question.facility_name, "npi": question.npi},
        "subscriber": _of_person(question.subscriber),
        "encounter": {"serviceTypeCodes": list(question.service_types), "dateOfService": f"{question.on:%Y%m%d}"},
    }
    if question.dependent is not None:
        body["dependents"] = [_of_person(question.dependent)]
    return body


def _of_person(who: Who) -> Json:
    said = {
        "memberId": who.member_id,
        "firstName": who.first_name,
        "lastName": who.last_name,
        "dateOfBirth": f"{who.born_on:%Y%m%d}",
        "gender": who.sex,
    }
    return {name: value for name, value in said.items() if value}


def raw_271_in(reply: Json) -> str:
    """The X12 that the reply carries; it may be an acknowledgement (999) where our request was malformed."""
    return _text(reply.get("x12"))


def is_of_a_test(reply: Json) -> bool:
    return _text(_object(reply.get("meta")).get("applicationMode")).lower() in ("test", "t")


def answer_of(reply: Json) -> Answer:
    """What the JSON says, in the same terms as a 271. Whatever has not the form that is documented is left out."""
    dependents = _objects(reply.get("dependents"))
    payer = _object(reply.get("payer"))
    subscriber = _object(reply.get("subscriber"))
    return Answer(
        payer=Entity("PR", _text(payer.get("name")), "PI", _text(payer.get("payorIdentification"))),
        subscriber=_person(subscriber, "IL") if subscriber else None,
        dependent=_person(dependents[0], "03") if dependents else None,
        benefits=[_benefit(each) for each in _objects(reply.get("benefitsInformation"))],
        rejections=list({(each.loop, each.code): each for each in _rejections(reply)}.values()),
    )


def differences(x12: Answer, json: Answer) -> list[str]:
    """What one of the two says of benefits and the other does not: the same answer, written twice, says the same."""
    of_x12, of_json = _keys(x12), _keys(json)
    only_x12 = [each.in_words for key, each in of_x12.items() if key not in of_json]
    only_json = [each.in_words for key, each in of_json.items() if key not in of_x12]
    return [f"Only the 271 says: {words}" for words in only_x12] + [
        f"Only the JSON says: {words}" for words in only_json
    ]


def _keys(answer: Answer) -> dict[tuple[object, ...], Benefit]:
    return {
        (
            each.code,
            each.level,
            frozenset(each.service_types),
            each.period,
            each.amount,
            each.percent,
            each.quantity,
            each.network,
        ): each
        for each in answer.benefits
    }


def _benefit(said: Json) -> Benefit:
    percent = _number(said.get("benefitPercent"))
    return Benefit(
        loop="",
        code=_text(said.get("code")),
        level=_text(said.get("coverageLevelCode")),
        service_types=_texts(said.get("serviceTypeCodes")),
        insurance_type=_text(said.get("insuranceTypeCode")),
        plan_name=_text(said.get("planCoverage")),
        period=_text(said.get("timeQualifierCode")),
        amount=_number(said.get("benefitAmount")),
        percent=None if percent is None else percent * PER_CENT,
        quantity_kind=_text(said.get("quantityQualifierCode")),
        quantity=_number(said.get("benefitQuantity")),
        authorization=_text(said.get("authOrCertIndicator")),
        network=_text(said.get("inPlanNetworkIndicatorCode")),
        messages=[
            words for each in _objects(said.get("additionalInformation")) if (words := _text(each.get("description")))
        ],
    )


def _person(said: Json, role: str) -> Person:
    first_name, last_name = _text(said.get("firstName")), _text(said.get("lastName"))
    return Person(
        role=role,
        name=f"{first_name} {last_name}".strip(),
        id_kind="MI" if said.get("memberId") else "",
        id=_text(said.get("memberId")),
        first_name=first_name,
        last_name=last_name,
        born_on=_day(said.get("dateOfBirth")),
        sex=_text(said.get("gender")),
    )


def _rejections(reply: Json) -> Iterator[Rejection]:
    """Those of the reply itself, and of each party in it."""
    parties = [_object(reply.get(name)) for name in ("payer", "provider", "subscriber")]
    parties += _objects(reply.get("dependents"))
    found = _objects(reply.get("errors")) + [each for party in parties for each in _objects(party.get("aaaErrors"))]
    for each in found:
        if code := _text(each.get("code")):
            loop = _text(each.get("location")).removeprefix("Loop").strip()
            yield Rejection(loop, code, _text(each.get("followupAction")), is_our_request_valid=None)


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _texts(value: object) -> list[str]:
    return [text for each in value if (text := _text(each))] if isinstance(value, list) else []


def _object(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _objects(value: object) -> list[Json]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _number(value: object) -> Decimal | None:
    """Amounts are written as text. One that is no number is nothing, never 0."""
    if not isinstance(value, str | int) or isinstance(value, bool):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _day(value: object) -> Any:
    try:
        return datetime.strptime(_text(value), "%Y%m%d").date()  # noqa: DTZ007 a day of birth has no zone
    except ValueError:
        return None
