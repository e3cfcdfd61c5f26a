// Improves one thing: a page that is left open tells the person's time, and says when their safe hours end or begin.
(function () {
  "use strict";

  const EVERY = 5000; // milliseconds

  function tick() {
    for (const clock of document.querySelectorAll("[data-clock]")) {
      const form = { timeZone: clock.dataset.clock, hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
      const said = new Intl.DateTimeFormat("en", form).format(new Date());
      if (clock.textContent !== said) clock.textContent = said;
    }
    for (const line of document.querySelectorAll("[data-changes-at]")) {
      if (Date.now() < Date.parse(line.dataset.changesAt)) continue;
      line.textContent = line.dataset.changed;
      line.classList.add("wait");
      line.setAttribute("role", "status");
      delete line.dataset.changesAt;
    }
  }

  window.setInterval(tick, EVERY);
  tick();
})();
