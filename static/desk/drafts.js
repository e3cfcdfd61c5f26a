// Improves one thing: what is typed at the desk is kept at the server every two seconds, and before it is saved, so that it
// is there again after a closed tab, a lost connection or an ended session. Without it, only a refused save keeps its text.
(function () {
  "use strict";

  const PAUSE = 2000; // milliseconds between two keepings
  const RETRY = 10000;
  const LIMIT = 5000; // for one answer
  const LEFT = "quietline-left"; // when this tab last left a page with something typed, and not a word of it
  const STAYS = "What you typed stays here.";
  const SIGNED_OUT = `Not kept: your session has ended. Sign in again in another tab. ${STAYS}`;
  const SOMEBODY_ELSE = `Not kept: somebody else has signed in in this browser. Sign in as yourself in another tab. ${STAYS}`;
  const NO_ANSWER = `Not kept: the desk does not answer. It is tried again. ${STAYS}`;
  const GONE = 410;
  const REFUSED = {
    [GONE]: "Not kept: this person was erased meanwhile. What you typed stays here until you leave this page.",
    409: `Not kept: you have typed about this person in another window since. ${STAYS} Load this page again to see the other.`,
    413: "Not kept: this is too long. Save it in parts.",
  };

  class Unkept extends Error {} // the server has not even read it, so it must not leave this page

  const states = new WeakMap(); // by form
  const me = () => document.querySelector("[data-user]")?.dataset.user;
  const contents = (form) => new URLSearchParams(new FormData(form));

  function stateOf(form) {
    if (!states.has(form)) states.set(form, { typed: 0, kept: 0, timer: 0, sending: Promise.resolve(true) });
    return states.get(form);
  }

  const isUnkept = (form) => states.has(form) && states.get(form).typed !== states.get(form).kept;

  function say(form, words, isTrouble) {
    const output = form.querySelector("[data-draft-said]");
    output.setAttribute("aria-live", isTrouble ? "assertive" : "off"); // who types need not hear each success
    output.classList.toggle("trouble", isTrouble);
    output.value = words;
  }

  function reach(address, options) {
    return fetch(address, { ...options, signal: AbortSignal.timeout(LIMIT) }).catch(() => {
      throw new Unkept(NO_ANSWER);
    });
  }

  // A new session has another token, and the page that was open before it needs it.
  async function takeNewToken() {
    const answer = await reach(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const user = page.querySelector("[data-user]")?.dataset.user;
    if (user !== me()) throw new Unkept(user ? SOMEBODY_ELSE : SIGNED_OUT);
    const token = page.querySelector("[name=csrfmiddlewaretoken]").value;
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
  }

  const post = (form) => reach(form.dataset.draft, { method: "POST", body: contents(form), redirect: "manual" });

  async function send(form) {
    let answer = await post(form);
    if (answer.status === 403) {
      await takeNewToken();
      answer = await post(form);
    }
    if (answer.type === "opaqueredirect") throw new Unkept(SIGNED_OUT);
    return answer;
  }

  function tell(form, answer) {
    const keptAt = answer.headers.get("Kept-At");
    if (answer.ok) say(form, keptAt ? `Draft kept ${keptAt}` : "", false);
    else say(form, REFUSED[answer.status] || NO_ANSWER, true);
    if (answer.status === GONE) document.querySelector(".number")?.replaceChildren(REFUSED[GONE]);
  }

  // Whether the server has read it, be it that it refused.
  async function sendAndTell(form) {
    const state = stateOf(form);
    const typed = state.typed;
    try {
      const answer = await send(form);
      tell(form, answer);
      if (answer.status < 500) state.kept = typed;
      else later(form, RETRY);
      return true;
    } catch (error) {
      if (!(error instanceof Unkept)) throw error;
      say(form, error.message, true);
      later(form, RETRY);
      return false;
    }
  }

  // One after the other, so that an older text never replaces a newer one.
  function keep(form) {
    const state = stateOf(form);
    clearTimeout(state.timer);
    state.timer = 0;
    state.sending = state.sending.then(() => !form.isConnected || !isUnkept(form) || sendAndTell(form));
    return state.sending;
  }

  function later(form, pause) {
    const state = stateOf(form);
    state.timer ||= setTimeout(() => keep(form), pause);
  }

  const unkeptForms = () => Array.from(document.forms).filter(isUnkept);

  function leave() {
    for (const form of unkeptForms()) {
      const state = stateOf(form);
      if (state.left === state.typed) continue;
      state.left = state.typed;
      navigator.sendBeacon(form.dataset.draft, contents(form));
      sessionStorage.setItem(LEFT, Date.now());
    }
  }

  function forget() {
    for (const form of document.forms) states.delete(form);
    sessionStorage.removeItem(LEFT);
  }

  // What was typed a moment before may have reached the server after it had made this page. Then it is asked again.
  function lookAgain() {
    const isJustLeft = Date.now() - sessionStorage.getItem(LEFT) < RETRY;
    sessionStorage.removeItem(LEFT);
    const isUntouched = () => !Array.from(document.forms).some((form) => states.has(form));
    if (isJustLeft) setTimeout(() => isUntouched() && location.reload(), 500);
  }

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form?.dataset.draft) return;
    stateOf(form).typed += 1;
    later(form, PAUSE);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) leave();
    else unkeptForms().forEach(keep);
  });
  addEventListener("beforeunload", leave);
  addEventListener("pagehide", leave);

  // A save waits until what is typed is kept: if it then gets lost on its way, the draft is there. No draft comes after it.
  let isWaiting = false;
  let isPassing = false;
  document.addEventListener(
    "submit",
    async (event) => {
      const form = event.target;
      if (form.hasAttribute("data-discard")) forget();
      if (isPassing || !states.has(form)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (isWaiting) return; // pressed twice
      const button = event.submitter;
      isWaiting = true;
      const isRead = await keep(form);
      await new Promise((done) => setTimeout(done)); // until this submit is over: during it a browser ignores another
      isWaiting = false;
      if (!form.isConnected) return;
      if (!isRead) return form.querySelector("[data-draft-said]").scrollIntoView({ block: "nearest" });
      forget();
      isPassing = true;
      form.requestSubmit(button);
      isPassing = false;
    },
    { capture: true },
  );

  lookAgain();
})();
