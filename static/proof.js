// Improves one thing: where many requests come from one network, the browser does a short calculation (ALTCHA) while the
// person fills in the form, so that nobody at the desk has to look first whether it is a machine. Without it, or if it
// fails, the form is sent all the same.
const place = document.querySelector(".proof");
const status = place.querySelector("[role=status]");
const form = place.closest("form");
const PATIENCE = 20000; // milliseconds that a press on the button waits for the calculation

let isBusy = true;
const say = (words) => { status.textContent = words; };

const isDone = new Promise((resolve) => {
  globalThis.$altcha.algorithms.set("PBKDF2/SHA-256", () => new Worker(place.dataset.worker));
  const widget = document.createElement("altcha-widget");
  widget.setAttribute("challenge", place.dataset.challenge);
  widget.setAttribute("name", "proof");
  widget.setAttribute("auto", "onload");
  widget.setAttribute("display", "invisible");
  // Its record of how somebody moves and types stays off, and so do its own words and links.
  widget.setAttribute("configuration", JSON.stringify({
    humanInteractionSignature: false, hideFooter: true, hideLogo: true, disableAutoFocus: true,
  }));
  widget.addEventListener("statechange", ({ detail: { state } }) => {
    if (state === "verified") say(status.dataset.done);
    else if (state === "error" || state === "expired") say(status.dataset.failed);
    else return;
    isBusy = false;
    resolve();
  });
  status.hidden = false;
  place.append(widget);
});

let mayGo = false;
form.addEventListener("submit", (event) => {
  if (mayGo) return;
  event.preventDefault();
  if (isBusy) say(status.dataset.wait);
  const patience = new Promise((resolve) => { setTimeout(resolve, PATIENCE); });
  // Its field is there a moment after its word.
  Promise.race([isDone, patience]).then(() => setTimeout(() => { mayGo = true; form.submit(); }));
});
