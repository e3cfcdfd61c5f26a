// Improves one thing: the queue shows by itself who has come and what others do, without losing the place.
// Asking by itself keeps nobody signed in.
(function () {
  "use strict";

  const SOONEST = 15e3; // milliseconds between two looks; each look that finds nothing new makes the next wait longer
  const LATEST = 60e3;
  const stale = document.getElementById("stale");
  let wait = SOONEST;
  let lookedAt = new Date(); // when what is shown was true

  const count = (page) => {
    const { toCall, crisis, mine } = page.getElementById("queue").dataset;
    return { toCall: Number(toCall), crisis: Number(crisis), mine: Number(mine) };
  };

  function tell(before, now) {
    const isCrisis = now.crisis > before.crisis;
    const isPassedOn = now.mine > before.mine; // by somebody else: this page has not claimed it
    if (!isCrisis && !isPassedOn && now.toCall <= before.toCall) return;
    const words = isCrisis ? "Crisis words: call now" : isPassedOn ? "Somebody passed one on to you" : `${now.toCall} can be called now`;
    document.dispatchEvent(new CustomEvent("desk-news", { detail: { words, isCrisis } }));
  }

  // What is in focus: the row and the how-manieth control of it, or the control of a name outside of the rows.
  function place() {
    const row = document.activeElement.closest("[data-row]");
    if (!row) return null;
    const controls = Array.from(row.querySelectorAll("a, button"));
    return { key: row.dataset.row, index: controls.indexOf(document.activeElement), top: row.getBoundingClientRect().top };
  }

  function backTo(before) {
    const row = before && document.querySelector(`[data-row="${before.key}"]`);
    if (!row) return;
    const controls = row.querySelectorAll("a, button");
    (controls[before.index] || controls[0]).focus({ preventScroll: true });
    window.scrollBy(0, row.getBoundingClientRect().top - before.top);
  }

  const shownBy = (content) => content.innerHTML.replace(/(csrfmiddlewaretoken" value=)"[^"]*"/g, "$1");

  const isFillingIn = () => document.activeElement.matches("#content input, #content select, #content textarea");
  const isBusy = () => document.querySelector("dialog[open]") || isFillingIn() || !getSelection().isCollapsed;

  function show(page) {
    const [old, content] = [document, page].map((each) => each.getElementById("content"));
    if (shownBy(old) === shownBy(content)) return false;
    const before = place();
    tell(count(document), count(page));
    document.title = page.title;
    old.replaceWith(content);
    backTo(before);
    return true;
  }

  function warn(words) {
    const shown = document.getElementById("stale");
    if (shown.textContent === words) return;
    shown.textContent = words;
    shown.hidden = !words;
  }

  async function look() {
    if (isBusy()) return again();
    try {
      const answer = await fetch(location.href, { headers: { "X-Looks-By-Itself": "yes" }, cache: "no-store" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!page.getElementById("queue")) {
        if (answer.redirected) return warn("You are signed out. Load the page again to sign in.");
        throw new Error(answer.status);
      }
      warn("");
      lookedAt = new Date();
      wait = show(page) ? SOONEST : Math.min(LATEST, wait * 1.5);
    } catch {
      warn(`Not up to date since ${lookedAt.toTimeString().slice(0, 5)}. Trying again.`);
    }
    again();
  }

  const again = () => setTimeout(look, wait);
  if (stale) again();
})();
