// Improves one thing: an act that ends on the same page changes that page in place, so that it needs no new load, and Back
// leads to the page before. If the answer does not come, the button works as without this script.
(function () {
  "use strict";

  const MAIN = "content-start";

  async function answerTo(form, button) {
    const address = button.hasAttribute("formaction") ? button.formAction : form.action;
    const answer = await fetch(address, { method: "POST", body: new URLSearchParams(new FormData(form, button)) });
    return { address: answer.url, page: new DOMParser().parseFromString(await answer.text(), "text/html") };
  }

  function show(page) {
    document.title = page.title;
    document.getElementById(MAIN).replaceWith(page.getElementById(MAIN));
    const main = document.getElementById(MAIN);
    (main.querySelector("[autofocus]") || main.querySelector(".phone") || main).focus();
    document.dispatchEvent(new CustomEvent("shown-in-place"));
  }

  document.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (!button?.hasAttribute("data-in-place") || event.defaultPrevented) return;
    event.preventDefault();
    try {
      const { address, page } = await answerTo(event.target, button);
      const isOfTheDesk = page.getElementById(MAIN) && page.body.classList.contains("desk");
      if (isOfTheDesk) show(page);
      else location.assign(address); // signed out meanwhile
    } catch {
      button.removeAttribute("data-in-place");
      button.click();
    }
  });
})();
