/* Lets a reply's file be saved while something is typed: the browser would take that for leaving the page, and ask.

   It stands before what asks, static/send.js as report.js starts it: whoever listens first is heard first. */
"use strict";
(() => {
  let saving = false;
  document.addEventListener("submit", event => { saving = event.target.id === "get"; });
  document.addEventListener("input", () => { saving = false; });
  addEventListener("beforeunload", event => { if (saving) event.stopImmediatePropagation(); });
})();
