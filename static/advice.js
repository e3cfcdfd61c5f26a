// In the editor, the panel "Checks": reads the advice on the latest draft when the page opens and after each save.
(function () {
  "use strict";

  async function read() {
    const panel = document.querySelector("[data-advice]");
    if (!panel) return;
    const answer = await fetch(panel.dataset.advice, { headers: { "X-Requested-With": "XMLHttpRequest" } });
    if (answer.ok && !answer.redirected) panel.innerHTML = await answer.text();
  }

  document.addEventListener("DOMContentLoaded", read);
  document.addEventListener("w-autosave:success", read);
})();
