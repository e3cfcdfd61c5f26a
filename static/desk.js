// Improves one thing: the desk can be worked from the keyboard, with the shortcuts that `?` lists.
(function () {
  "use strict";

  const dialog = document.getElementById("shortcuts");
  const useShortcuts = document.getElementById("use-shortcuts");
  const showShortcuts = document.getElementById("show-shortcuts");
  if (!dialog) return; // a pop-up of the admin

  const remembered = "quietline-shortcuts";
  useShortcuts.checked = localStorage.getItem(remembered) !== "off";
  useShortcuts.addEventListener("change", () => localStorage.setItem(remembered, useShortcuts.checked ? "on" : "off"));
  showShortcuts.hidden = false;
  showShortcuts.addEventListener("click", () => dialog.showModal());

  const allRows = () => Array.from(document.querySelectorAll("[data-row]"));
  const rowInFocus = () => allRows().findIndex((row) => row.contains(document.activeElement));

  function moveTo(index) {
    const rows = allRows();
    if (!rows.length) return;
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
    row.querySelector("th a").focus();
    row.scrollIntoView({ block: "nearest" });
  }

  // A row in the hands of somebody else has no claim button: then nothing happens, and no other row is claimed.
  function press(key) {
    const row = allRows()[rowInFocus()];
    const control = (row || document).querySelector(`[aria-keyshortcuts="${key}"]`);
    if (!control) return;
    const empty = control.form && Array.from(control.form.elements).find((field) => !field.checkValidity());
    if (empty) empty.focus();
    else control.click();
  }

  const goTo = (key) => document.querySelector(`[aria-keyshortcuts="${key}"]`)?.focus();

  const turnPage = (key) => document.querySelector(`[aria-keyshortcuts="${key}"]`)?.click();

  const PRESSED = /^[crhtux1-9]$/; // each presses the button or follows the link that names it
  const acts = {
    "/": () => document.getElementById("find")?.select(),
    n: () => goTo("n"),
    f: () => goTo("f"),
    j: () => moveTo(rowInFocus() + 1),
    k: () => moveTo(rowInFocus() === -1 ? 0 : rowInFocus() - 1),
    "[": () => turnPage("["),
    "]": () => turnPage("]"),
    "?": () => dialog.showModal(),
  };

  // The clipboard exists only on a page that came over https, or from this computer.
  function offerCopies() {
    for (const button of document.querySelectorAll("[data-copy]")) {
      button.hidden = !navigator.clipboard;
      button.onclick = () => navigator.clipboard.writeText(button.dataset.copy).then(() => (button.textContent = "Copied"));
    }
  }
  offerCopies();
  document.addEventListener("shown-in-place", offerCopies);

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.matches("input, textarea, select")) event.target.blur();
    const isTyping = event.target.closest("input, select, textarea, [contenteditable]");
    if (isTyping || dialog.open || event.repeat || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!useShortcuts.checked || !PRESSED.test(event.key) && !acts[event.key]) return;
    event.preventDefault();
    if (acts[event.key]) acts[event.key]();
    else press(event.key);
  });
})();
