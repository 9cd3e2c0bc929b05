/* Sends a form by fetch and shows the page that answers, where there is JavaScript: report.js and contact.js use it.

   Browsers write plain form posts into their session files, and leave nothing there of a fetch. All that it says
   stands in the page, in #words: sending, kept, unsent. It says it in #said, and what is wrong in #told. */
"use strict";
const $ = id => document.getElementById(id);
const parsed = text => new DOMParser().parseFromString(text, "text/html");

/* Takes over the form with this id, here and in every page that answers it.

   begin(form) is called for each of them, and once with null when the form is gone: received.
   unsaved() says whether leaving would lose something. Where given, submit() decides when send() is called, and
   hold(on) hears true before the words go and false after. Gives send(). */
function sentByFetch(id, { begin, unsaved, submit, hold }) {
  let form, busy = false, leaving = false;
  const tell = text => { $("told").textContent = text; };

  function start() {
    form = $(id);
    begin(form);
    if (!form) return;
    // Set here and not in the page: without JavaScript it would empty the form on the way back.
    for (const control of form.elements) control.setAttribute("autocomplete", "off");
    form.addEventListener("submit", event => { event.preventDefault(); if (!busy) (submit ?? send)(); });
  }

  /* The answer takes the place of the page: no new entry in the history, and nothing to send twice. */
  function show(answer) {
    answer.querySelector("[autofocus]")?.removeAttribute("autofocus");
    document.title = answer.title;
    document.body.replaceWith(answer.body);
    window.htmx?.process(document.body);
    scrollTo(0, 0);
    start();
    ($("problems") || $("received")).focus();
  }

  async function send() {
    freeze(true);
    const answer = await post();
    freeze(false);
    if (answer) receive(answer);
    else tell($("words").dataset.unsent);
  }

  /* The page that the server answers with, or null when none came back. */
  async function post() {
    const data = new FormData(form);
    data.set("do", "send");
    try {
      const answer = await fetch(form.action, { method: "POST", body: data });
      return parsed(await answer.text());
    } catch {
      return null;
    }
  }

  /* What would be typed while the words are on their way would not be part of them. */
  function freeze(on) {
    busy = on;
    tell("");
    for (const text of form.querySelectorAll("textarea, [type=text]")) text.readOnly = on;
    hold?.(on);
    $("send").setAttribute("aria-disabled", on);
    $("said").textContent = on ? $("words").dataset.sending : "";
  }

  /* Any other answer than the form or the receipt is an error page: what is typed stays, and it says why. */
  function receive(answer) {
    const why = answer.querySelector("main p"), words = $("words").dataset;
    if (answer.getElementById("received") || answer.getElementById("problems")) show(answer);
    else tell(why ? `${why.textContent} ${words.kept}` : words.unsent);
  }

  addEventListener("beforeunload", event => {
    if (leaving || !form || !unsaved()) return;
    event.preventDefault();
    event.returnValue = "";
  });

  // Back to a page that the browser kept in memory: whoever sits here now is shown an empty form.
  addEventListener("pageshow", event => {
    if (!event.persisted) return;
    leaving = true;
    form?.reset();
    location.reload();
  });

  start();
  return send;
}
