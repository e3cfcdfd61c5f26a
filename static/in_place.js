// Improves one thing: an act that ends on the same page changes that page in place, so that it needs no new load, and Back
// leads to the page before. If the answer does not come, the button works as without this script.
(function () {
  "use strict";

  const MAIN = "content-start";
  let isUnderWay = false;
  let isLeaving = false; // which ends what is under way, and is no failure

  async function answerTo(form, button, sent) {
    const address = button.hasAttribute("formaction") ? button.formAction : form.action;
    const answer = await fetch(address, { method: "POST", body: new URLSearchParams(sent) });
    return { address: answer.url, page: new DOMParser().parseFromString(await answer.text(), "text/html") };
  }

  const isTouched = (field) =>
    field.checked !== field.defaultChecked ||
    Array.from(field.options || []).some((option) => option.selected !== option.defaultSelected) ||
    (!field.options && field.value !== field.defaultValue);

  // What was typed while the answer was on its way stays, and what was typed in other forms. What nobody touched there
  // may have changed at the server: old rules must not stand in place of new ones.
  function keepTyped(form, sent, page) {
    for (const field of document.querySelectorAll("textarea, select, input:not([type=hidden])")) {
      const same = field.id && page.getElementById(field.id);
      const isLater = field.localName === "textarea" && field.value !== sent.get(field.name);
      if (!same || !(field.form === form ? isLater : isTouched(field))) continue;
      if (same.type === "checkbox") same.checked = field.checked;
      else same.value = field.value;
    }
  }

  function show(form, sent, page) {
    keepTyped(form, sent, page);
    const before = document.activeElement.id;
    document.title = page.title;
    document.getElementById(MAIN).replaceWith(page.getElementById(MAIN));
    const main = document.getElementById(MAIN);
    const where = main.querySelector("[autofocus]") || main.querySelector(".phone") || document.getElementById(before) || main;
    where.focus({ preventScroll: where.matches(".phone") });
    if (where.matches(".phone")) where.scrollIntoView({ block: "nearest" });
    document.dispatchEvent(new CustomEvent("shown-in-place"));
  }

  addEventListener("beforeunload", () => (isLeaving = true));
  addEventListener("pageshow", () => (isLeaving = false));
  document.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (!button?.hasAttribute("data-in-place") || event.defaultPrevented) return;
    event.preventDefault();
    if (isUnderWay) return;
    isUnderWay = true;
    const sent = new FormData(event.target, button);
    try {
      const { address, page } = await answerTo(event.target, button, sent);
      const isOfTheDesk = page.getElementById(MAIN) && page.body.classList.contains("desk");
      if (isOfTheDesk) show(event.target, sent, page);
      else location.assign(address); // signed out meanwhile
    } catch {
      if (isLeaving) return;
      button.removeAttribute("data-in-place");
      button.click();
    } finally {
      isUnderWay = false;
      document.dispatchEvent(new CustomEvent("in-place-over"));
    }
  });
})();
