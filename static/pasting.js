// In the editor, two things about a pasted text: the page gets what the clipboard holds beside the plain words, headings,
// tables and links, and Enter ticks a box and goes on to the next. Nothing that is pasted is shown as HTML, or fetched.
(function () {
  "use strict";

  const PICTURE = /(\bsrc\s*=\s*["']?)data:[^"'>\s]+/gi; // of a megabyte or more; the place of a picture is enough

  function takeAll(area) {
    const html = area.form.elements[area.dataset.paste];
    const status = area.form.querySelector("[data-pasted]");
    let plain = "";
    area.addEventListener("paste", (event) => {
      const found = event.clipboardData.getData("text/html");
      if (!found.trim()) return;
      event.preventDefault();
      html.value = found.replace(PICTURE, "$1");
      area.value = plain = event.clipboardData.getData("text/plain") || "(no plain words)";
      status.textContent = "Taken with its headings, lists, tables and links. Change words later, in the draft.";
    });
    area.addEventListener("input", () => {
      if (!html.value || area.value === plain) return;
      html.value = "";
      status.textContent = "You changed the words here, so it is read as plain text. Paste again to keep its headings.";
    });
  }

  function goOn(form) {
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target.localName !== "input") return;
      event.preventDefault(); // in a field, it would send the form
      if (event.target.type !== "checkbox") return;
      event.target.checked = true;
      const boxes = Array.from(form.querySelectorAll("input[type=checkbox]"));
      boxes.slice(boxes.indexOf(event.target) + 1).find((box) => !box.checked)?.focus();
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("textarea[data-paste]").forEach(takeAll);
    document.querySelectorAll("form[data-confirm]").forEach(goOn);
  });
})();
