// Improves one thing: an electronic check shows by itself how far it is and what came of it. Without this, “Look again” does.
// Asking by itself keeps nobody signed in.
(function () {
  "use strict";

  const EVERY = 2000; // milliseconds
  const LONGEST = 20 * 60e3; // a page that is left open asks no longer
  const openedAt = Date.now();

  for (const link of document.querySelectorAll("[data-unless-news]")) link.hidden = true;

  // The section of the coverage, as it is now. What somebody has typed in it stays: then the link says to look.
  async function show(line) {
    const section = line.closest("section");
    const title = section.getAttribute("aria-labelledby");
    const answer = await fetch(location.href, { headers: { "X-Looks-By-Itself": "yes" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector(`section[aria-labelledby="${title}"]`);
    if (!now) return location.reload();
    const hadFocus = section.contains(document.activeElement);
    section.replaceWith(now);
    const result = now.querySelector(".check");
    result.setAttribute("role", "status");
    if (hadFocus) {
      result.tabIndex = -1;
      result.focus();
    }
  }

  async function look(line) {
    if (!line.isConnected) return;
    let isOver = false;
    try {
      const answer = await fetch(line.dataset.news, { headers: { "X-Looks-By-Itself": "yes" } });
      const news = answer.ok && (await answer.json());
      if (news && !news.is_running) {
        isOver = true;
        await show(line);
      } else if (news && line.textContent !== news.progress) {
        line.textContent = news.progress;
      }
    } catch {
      isOver = false; // the network is away: the next look tells
    }
    if (!isOver && Date.now() - openedAt < LONGEST) setTimeout(() => look(line), EVERY);
    else if (!isOver) line.parentNode.querySelector("[data-unless-news]").hidden = false;
  }

  for (const line of document.querySelectorAll("[data-news]")) setTimeout(() => look(line), EVERY);
})();
