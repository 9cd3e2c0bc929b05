/* The return code: copies it, prints it, and saves the card, where there is JavaScript; the page works without it. */
"use strict";
(() => {
  const part = id => document.getElementById(id), said = part("copied");
  const words = [...document.querySelectorAll("#code-words li")].map(li => li.textContent).join(" ");

  part("tools").hidden = false;
  part("print").onclick = () => print();
  part("copy").onclick = async () => {
    try {
      await navigator.clipboard.writeText(words);
      said.textContent = said.dataset.done;
    } catch {
      said.textContent = said.dataset.failed;
    }
  };

  /* A page that the browser keeps in memory keeps no word, as static/send.js has it where the form went by fetch. */
  addEventListener("pagehide", event => { if (event.persisted) document.body.replaceChildren(); });
  addEventListener("pageshow", event => { if (event.persisted) location.replace(location.pathname); });

  /* By fetch: browsers write what a plain form sends into their session files. */
  part("card").onsubmit = async event => {
    event.preventDefault();
    const form = event.target, data = new FormData(form);
    data.append("do", "card");
    try {
      const answer = await fetch(form.action, { method: "POST", body: data, cache: "no-store" });
      if (!answer.ok) throw answer;
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await answer.blob());
      link.download = "card.txt";
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    } catch {
      said.textContent = said.dataset.unsaved;
    }
  };
})();
