// Improves one thing: a form that the browser keeps in memory is empty when somebody presses Back.
// Without this script, `autocomplete="off"` and `Cache-Control: no-store` do so in browsers that keep no page.
(function () {
  "use strict";

  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.replace(location.pathname);
  });
  window.addEventListener("pagehide", () => {
    document.querySelectorAll(".ask input:not([type=hidden]), .ask textarea").forEach((field) => {
      if (field.type === "checkbox" || field.type === "radio") field.checked = field.defaultChecked;
      else field.value = "";
    });
  });
})();
