// Improves one thing: the call sheet is worked with one key for each answer. Without it, Tab and the arrows do.
(function () {
  "use strict";

  const sheet = document.querySelector(".sheet");
  if (!sheet) return;

  const FIELDS = 'input:not([type="hidden"]), select, textarea';
  const questions = () => Array.from(sheet.querySelectorAll(".question"));

  // To the next question; after the last one, to the button that records.
  function goOn(from) {
    const all = questions();
    const next = all[all.indexOf(from.closest(".question")) + 1];
    const field = next ? next.querySelector("input:checked") || next.querySelector(FIELDS) : sheet.querySelector(".main");
    field?.focus();
    field?.scrollIntoView({ block: "center" });
  }

  sheet.addEventListener("keydown", (event) => {
    const question = event.target.closest(".question");
    if (!question || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    const isField = event.target.matches('input:not([type="radio"])');
    if (event.key === "Enter" && !event.target.matches("textarea")) {
      event.preventDefault(); // it would record a sheet that is half done
      goOn(event.target);
    } else if (!isField && event.target.type === "radio") {
      const option = question.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
      if (!option) return;
      event.preventDefault();
      option.checked = true;
      option.dispatchEvent(new Event("input", { bubbles: true }));
      goOn(option);
    }
  });
})();
