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

  const named = (key, within = document) => within.querySelector(`[aria-keyshortcuts="${key}"]`);

  // A key that does nothing here says so, for a moment: who pressed it may think that it did.
  let quiet = 0;
  function sayNothing(key) {
    const said = document.getElementById("key-said");
    said.value = `“${key}” does nothing here. “?” lists the keys.`;
    clearTimeout(quiet);
    quiet = setTimeout(() => (said.value = ""), 4000);
  }

  // A row in the hands of somebody else has no claim button: then nothing happens, and no other row is claimed.
  function press(key) {
    const control = named(key, (key === "c" && allRows()[rowInFocus()]) || document);
    if (!control) return sayNothing(key);
    const empty = control.form && Array.from(control.form.elements).find((field) => !field.checkValidity());
    if (empty && control.type === "submit" && !control.formNoValidate) {
      empty.focus();
      waiting = [];
    } else control.click();
  }

  function goTo(key) {
    const control = named(key);
    if (!control) return sayNothing(key);
    const folded = control.closest("details");
    if (folded) folded.open = true;
    control.focus();
  }

  const turnPage = (key) => named(key)?.click();

  const TO_WRITE = /^[neofpa/]$/;
  const PRESSED = /^[crhtuxby1-9]$/; // each presses the button, follows the link or ticks the box that names it
  const GONE_TO = /^[nfeopam]$/; // each moves to the field that names it
  const acts = {
    "/": () => document.getElementById("find")?.select(),
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

  // What was typed for a field before one came there.
  function write(text, field) {
    if (field.matches("select")) {
      const isMeant = (option) => option.text.trim().toLowerCase().startsWith(text.toLowerCase());
      const option = Array.from(field.options).find(isMeant);
      if (option) field.value = option.value;
    } else if (field.matches("textarea, [type=text]")) {
      field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    }
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // Keys are obeyed one after the other: a quick `c r 2 t` waits for each page and for each act in place, so that no
  // key acts on a page that does not show yet what the key before it did. Behind a key that leads to a field, the others
  // are words for that field: "they" would give away a number and promise a call.
  const WAITING = "quietline-keys"; // and no word that was typed
  const AT_MOST = 10000; // milliseconds that a key may wait
  let waiting = [];
  let held = 0; // the timer that lets them go on, if neither another page nor an answer comes

  function obey({ key, text }) {
    if (acts[key]) acts[key]();
    else if (GONE_TO.test(key)) goTo(key);
    else press(key);
    if (text) write(text, document.activeElement);
  }

  function obeyAll() {
    while (waiting.length && !held) {
      const next = waiting.shift();
      if (Date.now() - next.at < AT_MOST) obey(next);
    }
  }

  function goOn() {
    clearTimeout(held);
    held = 0;
    obeyAll();
  }

  function hold() {
    clearTimeout(held);
    held = setTimeout(goOn, AT_MOST);
  }
  hold(); // until the keys of the page before are here, which come first

  // Back cannot show the answer to a POST again, such as a refused save or what was found. So its entry becomes that of a
  // page that can be asked for again.
  const page = document.querySelector("[data-page]");
  if (page) history.replaceState(history.state, "", page.dataset.page);

  // With the mouse too. A link within the page, to a telephone or into another tab leaves this page where it is.
  function leadsAway(event) {
    const link = event.target.closest("a[href]");
    const isElsewhere = event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || link?.target;
    const isHere = link?.hash && link.href.split("#")[0] === location.href.split("#")[0];
    return link?.origin === location.origin && !isElsewhere && !isHere && !link.hasAttribute("download");
  }

  document.addEventListener("click", (event) => leadsAway(event) && hold());
  document.addEventListener("submit", hold);
  // What was refused, or asks for a reason, is read first: the keys behind it were meant for something else.
  const dropIfRefused = () => document.querySelector('.problem[role="alert"], .messagelist .warning') && (waiting = []);
  document.addEventListener("shown-in-place", dropIfRefused);
  document.addEventListener("in-place-over", goOn);
  addEventListener("pagehide", () => {
    sessionStorage.setItem(WAITING, JSON.stringify(waiting.map(({ key, at }) => ({ key, at, text: "" }))));
    waiting = [];
  });
  addEventListener("pageshow", () => {
    waiting = [...JSON.parse(sessionStorage.getItem(WAITING) || "[]"), ...waiting];
    sessionStorage.removeItem(WAITING);
    dropIfRefused();
    goOn();
  });

  // Enter in a box does the act of the part in which the box stands, and never that of another.
  document.addEventListener("keydown", (event) => {
    const isBox = event.key === "Enter" && event.target.matches('#work [type="checkbox"], #work select');
    const part = isBox && event.target.closest("[data-part]");
    if (!part) return;
    event.preventDefault();
    part.querySelector("[data-act]")?.click();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !event.target.matches("textarea")) return;
    event.target.form?.querySelector("[data-enter]")?.click();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.matches("input, textarea, select")) event.target.blur();
    const isTyping = event.target.closest("input, select, textarea, [contenteditable]");
    if (isTyping || dialog.open || event.repeat || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!useShortcuts.checked) return;
    const toWrite = waiting.find(({ key }) => TO_WRITE.test(key));
    const isShortcut = PRESSED.test(event.key) || GONE_TO.test(event.key) || acts[event.key];
    if (toWrite && event.key.length === 1) toWrite.text += event.key;
    else if (isShortcut) waiting.push({ key: event.key, at: Date.now(), text: "" });
    else return;
    event.preventDefault();
    obeyAll();
  });
})();
