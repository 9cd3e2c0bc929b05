/* Sends a form by fetch and shows the page that answers, where there is JavaScript: report.js, which the mailbox
   has too, and contact.js use it.

   Browsers write plain form posts into their session files, and leave nothing there of a fetch. All that it says
   stands in the page, in #words: sending, kept, unsent. It says it in #said, and what is wrong in #told. */
"use strict";
const $ = id => document.getElementById(id);
const parsed = text => new DOMParser().parseFromString(text, "text/html");

/* Takes over the form with this id, here and in every page that answers it.

   Where given, begin(form) is called for each of them, and once with null when the form is gone: received.
   submit(button) decides when send(button) is called, and pending() says whether leaving would lose something that
   stands in no field yet. Gives send(). */
function sentByFetch(id, { begin, submit, pending } = {}) {
  const GIVEN = ["draft", "mailbox", "to"]; // fields that are never empty

  let form, busy = false, leaving = false;
  let kept, address; // the document that holds the form while we show what will be sent, and the address of both
  const tell = text => {
    $("told").textContent = text;
    $("told").scrollIntoView({ block: "nearest" });
  };

  function start() {
    form = $(id);
    begin?.(form);
    for (const control of form?.elements ?? []) forget(control);
  }

  /* Set here and not in the page: without JavaScript it would empty the form on the way back. */
  function forget(control) {
    control.setAttribute("autocomplete", "off");
  }

  /* The bodies of two documents change places, with all that is typed. Firefox keeps what stands in a control when it
     goes, for whoever comes back to the page: so nothing stands there in that moment. */
  function exchange(other) {
    const body = document.body, controls = [...form.elements];
    const typed = controls.map(({ value, checked }) => ({ value, checked }));
    form.reset();
    body.replaceWith(other.body);
    other.documentElement.append(body);
    controls.forEach((control, place) => Object.assign(control, typed[place]));
    start();
  }

  /* The answer takes the place of the page. Only the page that shows what will be sent is one more in the history,
     for the way back that telephones have; nothing of the report stands there. */
  function show(answer) {
    const review = answer.getElementById("review"), again = $("review");
    const place = answer.querySelector("[autofocus]") ?? answer.getElementById("main");
    place.removeAttribute("autofocus");
    document.title = answer.title;
    exchange(answer);
    // Held back, what will be sent comes once more: the way back leads to the form all the same.
    if (!review || !again) kept = review && answer;
    // What only this answer needs: a script that the page has not loaded.
    const more = answer.getElementById("more")?.src;
    if (more) document.head.append(Object.assign(document.createElement("script"), { src: more }));
    if (review && !history.state) {
      address = location.href;
      history.pushState(true, "");
    }
    window.htmx?.process(document.body);
    scrollTo(0, 0);
    place.focus();
  }

  async function send(button) {
    const focused = document.activeElement;
    freeze(true);
    const answer = await post(button);
    freeze(false);
    focused.focus({ preventScroll: true });
    if (answer) receive(answer);
    else tell($("words").dataset.unsent);
  }

  /* The page that the server answers with, or null when none came back. */
  async function post(button) {
    const data = new FormData(form);
    data.append(button.name, button.value);
    try {
      // Firefox writes on the disk what may be cached, also what answers a post.
      const answer = await fetch(form.action, { method: "POST", body: data, cache: "no-store" });
      return parsed(await answer.text());
    } catch {
      return null;
    }
  }

  /* What would be changed while the words are on their way would not be part of them. */
  function freeze(on) {
    busy = on;
    $("told").textContent = "";
    for (const part of form.querySelectorAll(":scope > :not(.send, #told)")) part.inert = on;
    $("send").setAttribute("aria-disabled", on);
    $("said").textContent = on ? $("words").dataset.sending : "";
  }

  /* Any other answer than the form or the receipt is an error page: what is typed stays, and it says why. */
  function receive(answer) {
    const why = answer.querySelector("main p"), words = $("words").dataset;
    if (answer.getElementById(id) || answer.getElementById("received")) show(answer);
    else tell(why ? `${why.textContent} ${words.kept}` : words.unsent);
  }

  const written = () => [...new FormData(form)].some(([name, value]) => !GIVEN.includes(name) && value.trim?.());

  document.addEventListener("submit", event => {
    if (event.target !== form) return;
    // A browser that does not tell which button was pressed sends the form itself.
    leaving = !event.submitter;
    if (leaving) return;
    event.preventDefault();
    if (!busy) (submit ?? send)(event.submitter);
  });

  // What was wrong with a field as it was sent is not said of it as it becomes.
  document.addEventListener("input", ({ target }) => {
    const wrong = $(`${target.name}-wrong`) ?? $(`${target.id}-wrong`);
    wrong?.remove();
    if (wrong) target.setAttribute("aria-invalid", "false");
    forget(target);
  });

  addEventListener("beforeunload", event => {
    if (leaving || !form || !(pending?.() || written())) return;
    event.preventDefault();
    event.returnValue = "";
  });

  // Back from what will be sent: the form as it was left. Back from the receipt: an empty one.
  addEventListener("popstate", () => {
    // A link within a page moves in the history too, but to another address.
    if (busy || history.state || location.href !== address) return;
    if (!form) location.reload();
    if (!form || !kept) return;
    exchange(kept);
    kept = null;
    $("send").focus();
  });

  // A page that the browser keeps in memory keeps no word: whoever comes back to it is shown an empty form, and
  // nothing in the time that this takes.
  addEventListener("pagehide", event => { if (event.persisted) document.body.replaceChildren(); });
  addEventListener("pageshow", event => {
    if (!event.persisted) return;
    leaving = true;
    location.reload();
  });

  history.replaceState(null, ""); // of a page that was loaded again
  start();
  return send;
}
