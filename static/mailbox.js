/* Saves a reply's file by a form of its own, not by fetch: it goes straight to the disk. All that is typed goes along, so
   that a page which has closed meanwhile asks for the words and loses nothing.

   It stands before report.js, whose question whether to leave is not asked then: whoever listens first is heard first. */
"use strict";
(() => {
  let saving = false;

  document.addEventListener("click", event => {
    const button = event.target.closest("#mailbox button[value^=get-]");
    if (!button) return;
    event.preventDefault();
    const typed = [...new FormData(button.form), [button.name, button.value]].filter(([, value]) => value.trim);
    const get = document.getElementById("get");
    get.replaceChildren(...typed.map(([name, value]) =>
      Object.assign(document.createElement("input"), { type: "hidden", name, value })));
    saving = true;
    get.submit();
  });

  document.addEventListener("input", () => { saving = false; });
  addEventListener("beforeunload", event => { if (saving) event.stopImmediatePropagation(); });
})();
