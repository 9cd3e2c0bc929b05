"use strict";
/* Makes the desk's pages smoother, and a page that was left open go blank when the desk locks. Nothing needs it. */
(() => {
  const { still, here, locked, root, keys } = document.body.dataset;
  if (!still) return;
  const EVERY = 10000;
  let active = false;
  let sending = false;

  // What is typed into a form of many words goes to the desk's memory now and then: locking seals it.
  const beat = async () => {
    active = false;
    const form = [...document.forms].find((each) => "keep" in each.dataset);
    const said = new URLSearchParams(form ? new FormData(form) : []);
    if (form) said.set("at", new URL(form.action).pathname.slice(root.length));
    await fetch(here, { method: "POST", body: said });
  };

  const blank = (words) => {
    document.title = "Desk";
    const told = document.createElement("p");
    told.textContent = words;
    document.body.replaceChildren(told);
  };

  const look = async () => {
    try {
      if (active && !sending) await beat();
      const answer = await fetch(still);
      if (answer.status === 204) return;
      blank("The desk is locked.");
      location.replace(locked);
    } catch {
      blank("The desk has ended. Start it again in its window.");
    }
  };
  setInterval(look, EVERY);
  for (const sign of ["keydown", "pointerdown", "pointermove", "wheel", "scroll", "input"]) {
    addEventListener(sign, () => { active = true; }, { passive: true });
  }
  // Back must not show what was there before the desk locked; and a laptop wakes up some time later.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches(".locking")) {
      sending = "keep" in form.dataset;
      return;
    }
    event.preventDefault();
    const go = () => form.submit();
    if (document.querySelector("form[data-keep]")) beat().then(go, go);
    else go();
  });

  const rows = () => [...document.querySelectorAll("[data-row]")];
  const move = (by) => {
    const all = rows();
    const at = all.indexOf(document.activeElement);
    const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
    if (next) next.focus();
  };
  document.addEventListener("keydown", (event) => {
    if (!keys || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    if (rows().length && (event.key === "j" || event.key === "k")) {
      event.preventDefault();
      move(event.key === "j" ? 1 : -1);
      return;
    }
    const one = [...document.querySelectorAll("[data-key]")].find(
      (each) => each.dataset.key.split(" ").includes(event.key),
    );
    if (!one) return;
    event.preventDefault();
    one.click();
  });
})();
