// In the editor: before a form is sent, asks whether one is still signed in. Otherwise the browser would be led to the
// sign-in, and what was written since the last autosave would be gone. After signing in elsewhere, it is sent as it is.
(function () {
  "use strict";

  const ENDED = "Your session has ended, and nothing was sent. What you wrote is still here: sign in in another tab, " +
    "then press the button again.";
  let isAsked = false;

  const say = (text) => document.dispatchEvent(
    new CustomEvent("w-messages:add", { detail: { clear: true, text, type: "error" } }));

  async function newToken(address) {
    const answer = await fetch(address, { headers: { "X-Requested-With": "XMLHttpRequest" }, redirect: "manual" });
    return answer.ok ? (await answer.json()).token : null;
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (isAsked || !form.matches("[data-edit-form]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter;
    let token = "";
    try { token = await newToken(document.querySelector("[data-session]").dataset.session); } catch { /* sent as it is */ }
    if (token === null) {
      say(ENDED);
      button?.setAttribute("data-w-progress-loading-value", "false"); // it waits for an answer that does not come
      return;
    }
    if (token) form.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => { field.value = token; });
    isAsked = true;
    form.requestSubmit(button);
    isAsked = false;
  }, true);
})();
