// Improves one thing: a claim lasts while one types or is on the phone, and the page warns before it lapses.
(function () {
  "use strict";

  // All in seconds.
  const WARN_BEFORE = 180;
  const ASK_EVERY = 60;
  const LONGEST_CALL = 2 * 3600; // a page with a number that is left open holds a claim no longer
  const now = () => Date.now() / 1000;
  const openedAt = now();
  let claim = null;
  let lapsesAt = 0;
  let askedAt = 0;
  let typedAt = -Infinity;
  let isAsking = false;

  // The part of the page that says it may have been replaced.
  function find() {
    const found = document.getElementById("claim");
    if (found && found !== claim) lapsesAt = now() + Number(found.dataset.seconds);
    claim = found;
    return claim;
  }

  function tell() {
    const left = lapsesAt - now();
    const minutes = Math.ceil(left / 60);
    const soon = minutes > 1 ? `in ${minutes} minutes` : "within a minute";
    let said = "";
    if (left <= 0) said = "Your claim has lapsed. What you typed is kept. Claim the lead again before you call.";
    else if (left <= WARN_BEFORE) said = `Your claim lapses ${soon}. Go on typing, or keep it.`;
    const warning = document.getElementById("claim-warning");
    if (warning.textContent !== said) warning.textContent = said; // read out once a minute, and not at every look
    document.getElementById("claim-left").textContent = left > 0 ? `lapses ${soon}` : "lapsed";
    document.getElementById("keep-claim").hidden = left <= 0 || left > WARN_BEFORE;
    document.getElementById("load-again").hidden = left > 0;
  }

  async function keep() {
    if (isAsking || !find() || lapsesAt <= now()) return;
    isAsking = true;
    askedAt = now();
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    try {
      const answer = await fetch(claim.dataset.keep, { method: "POST", headers: { "X-CSRFToken": token } });
      if (answer.ok || answer.status === 409) lapsesAt = now() + (await answer.json()).seconds;
    } catch {
      // The network is away: the clock goes on, and the warning comes.
    }
    isAsking = false;
    tell();
  }

  function look() {
    if (!find()) return;
    const isOnPhone = "onPhone" in claim.dataset && now() - openedAt < LONGEST_CALL;
    const isAtWork = isOnPhone || now() - typedAt < ASK_EVERY;
    if (isAtWork && now() - askedAt >= ASK_EVERY) keep();
    else tell();
  }

  document.addEventListener("input", () => {
    typedAt = now();
    look();
  });
  document.addEventListener("click", (event) => {
    if (event.target.id === "keep-claim") keep();
  });
  window.setInterval(look, 5000);
  look();
})();
