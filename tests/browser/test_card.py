"""Insurance without script, on the real server: text and photo are sent on the receipt, a consultant looks."""

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Browser

from tests.browser.test_staff import reveal, sign_in

pytestmark = pytest.mark.browser


def noisy_photo() -> bytes:
    """Some megabytes, as a phone makes them."""
    drawn = BytesIO()
    Image.effect_noise((4000, 3000), 80).convert("RGB").save(drawn, "JPEG", quality=75)
    return drawn.getvalue()


def test_card_is_sent_without_script_and_seen_at_the_desk(browser: Browser, server: str):
    picture = noisy_photo()
    context = browser.new_context(base_url=server, java_script_enabled=False, viewport={"width": 320, "height": 568})
    page = context.new_page()
    page.goto("/request-a-call/")
    page.get_by_label("What number can we call?").fill("702 555 0177")
    page.get_by_label("You may call me at this number").check()
    page.get_by_role("button", name="Ask for a call").click()
    reference = page.locator(".reference").inner_text()

    page.get_by_role("link", name="Add insurance").click()
    page.get_by_label("Insurance company or plan").fill("Sagebrush Mutual")
    page.get_by_role("button", name="Send this").click()
    page.get_by_role("link", name="Send the insurance again").click()
    page.get_by_label("The front of the card").set_input_files(
        {"name": "card.jpg", "mimeType": "image/jpeg", "buffer": picture}
    )
    page.get_by_role("button", name="Send the front").click()
    said = page.locator("#photo-front-hint").inner_text()
    context.close()

    desk = browser.new_context(base_url=server, viewport={"width": 1280, "height": 800})
    page = desk.new_page()
    sign_in(page, "consultant")
    page.locator("#find").fill(reference)
    page.keyboard.press("Enter")
    page.get_by_role("link", name=reference).first.click()
    page.get_by_role("button", name="Claim").first.click()
    reveal(page)  # before the first contact, insurance is hidden
    page.get_by_role("link", name="Insurance").click()
    page.get_by_role("link", name="Show: Photo of the front").click()
    shown = page.locator(".cards img")
    shown.wait_for()
    size = shown.evaluate("image => image.decode().then(() => [image.naturalWidth, image.naturalHeight])")
    desk.close()

    assert len(picture) > 2_500_000
    assert said.startswith("You sent it on")
    assert size == [2000, 1500]
