// Improves one thing: somebody who is looked at over the shoulder leaves no trace of this site in the window.
// One file, so that the form needs few requests. It is not deferred: after leaving, no page may show before it is gone.
// Without it, "Leave this page" is a plain link, and `no-store` keeps forms and receipts out of the browser's memory.
(function () {
  "use strict";

  const LEFT = "left"; // the only thing we ever keep in the browser, in this tab, and only once somebody has left
  const PRESSES = 3;
  const WITHIN = 5000; // milliseconds between two presses

  const hasLeft = () => { try { return sessionStorage.getItem(LEFT) !== null; } catch { return false; } };
  const keepLeft = () => { try { sessionStorage.setItem(LEFT, ""); } catch { /* the link still leads away */ } };
  const forgetLeft = () => { try { sessionStorage.removeItem(LEFT); } catch { /* nothing was kept */ } };

  // Where the way out leads; known before there is a body, for a page that must not show at all.
  const wayOut = document.currentScript.dataset.leave;

  function hide() {
    document.documentElement.hidden = true;
    document.title = "\u200b";
  }

  function empty() {
    document.querySelectorAll(".ask input:not([type=hidden]), .ask textarea").forEach((field) => {
      if (field.type === "checkbox" || field.type === "radio") field.checked = field.defaultChecked;
      else field.value = "";
    });
  }

  function leave() {
    keepLeft();
    hide();
    empty();
    document.body.replaceChildren();
    location.replace(wayOut);
  }

  // Back, after leaving, leads away again. Whoever comes on purpose, by a link or an address, is welcome.
  const [arrival] = performance.getEntriesByType("navigation");
  if (hasLeft()) {
    if (arrival && arrival.type === "back_forward") { hide(); location.replace(wayOut); }
    else forgetLeft();
  }
  // The answer to something sent (an error, say) becomes a plain page of the history: Back and reloading show the form
  // empty, instead of offering to send the same once more.
  try { history.replaceState(null, "", location.href); } catch { /* a browser that counts these may refuse */ }
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    if (hasLeft()) { hide(); location.replace(wayOut); }
    else if (document.querySelector(".ask")) location.replace(location.pathname);
  });
  window.addEventListener("pagehide", empty);

  // Shift three times, left or right. A Shift that is held for another key is no press.
  let presses = 0, isAlone = false, pressedAt = 0;
  const say = () => {
    const status = document.querySelector(".leave [role=status]");
    const left = PRESSES - presses;
    if (status) status.textContent = presses ? status.dataset[left === 1 ? "once" : "twice"] : "";
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeMenu();
    isAlone = event.key === "Shift";
    if (!isAlone && presses) { presses = 0; say(); }
  });
  document.addEventListener("keyup", (event) => {
    if (event.key !== "Shift" || !isAlone || !document.querySelector(".leave")) return;
    presses = event.timeStamp - pressedAt < WITHIN ? presses + 1 : 1;
    pressedAt = event.timeStamp;
    if (presses === PRESSES) leave();
    else say();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest(".leave a")) return;
    event.preventDefault();
    leave();
  });

  // Escape closes the menu, as people who use a keyboard expect of it.
  function closeMenu() {
    const menu = document.querySelector(".menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  }
})();
