/* The way out: the link in the top corner, and Escape three times. It takes the place of this page in the tab, so that
   Back does not lead here; the history keeps what was visited. Without JavaScript the link is a plain link. */
"use strict";
(() => {
  const PAUSE = 1500; // milliseconds that may lie between two presses
  let presses = [], going = false;

  function leave() {
    const to = document.getElementById("exit").href;
    going = true;
    // Blank at once: over a slow line the other site takes its time.
    document.title = " ";
    document.documentElement.hidden = true;
    location.replace(to);
  }

  document.addEventListener("click", event => {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (!event.target.closest?.("#exit")) return;
    event.preventDefault();
    leave();
  });

  document.addEventListener("keydown", event => {
    if (event.key !== "Escape" || event.isComposing) presses = [];
    else if (!event.repeat) {
      presses = presses.filter(at => event.timeStamp - at < PAUSE * 2).concat(event.timeStamp);
      if (presses.length > 2) leave();
    }
  });

  // Nothing may hold up somebody who leaves in a hurry: a form with unsent words would ask first.
  addEventListener("beforeunload", event => { if (going) event.stopImmediatePropagation(); });
})();
