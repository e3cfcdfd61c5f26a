// Improves one thing: Escape closes the menu, as people who use a keyboard expect of it.
(function () {
  "use strict";

  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector(".menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
})();
