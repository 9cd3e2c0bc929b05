/* Makes the report form smoother where there is JavaScript, and the mailbox's; both work without it.

   Files go up as they are picked, one after the other. The words go only when Send is pressed (send.js).
   All that it says stands in the page, in #words and #going-row, so that it can be translated. */
"use strict";
(() => {
  const id = $("mailbox") ? "mailbox" : "report"; // of the form
  const SLOW = 0.6e6 / 8, FAST = 3e6 / 8; // bytes a second that Tor tends to give

  let form, words;   // of the page as it stands; form is null once the report is received
  let rows = [];     // files not attached yet: {file, li, state: "waiting" | "going" | "failed", xhr, begun}
  let wanted = null; // the button that was pressed while files were still going up
  let pause;         // before the text is measured

  const fill = (text, values = {}) => text.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
  const say = (key, values) => { $("said").textContent = key ? fill(words[key], values) : ""; };
  const tell = text => { $("told").textContent = text; };
  const size = n => n < 1e6 ? `${Math.ceil(n / 1e3)} kB` : `${(n / 1e6).toFixed(1)} MB`;
  const attached = () => $("files").children;

  // ---- the page

  function begin(found) {
    form = found;
    if (!$("upload")) return; // what will be sent, or the receipt
    words = $("words").dataset;
    $("attach").hidden = form.querySelector(".slow").hidden = true;
    pick();
    if (!$("what_happened-wrong")) measure();
  }

  document.addEventListener("click", event => {
    const button = event.target.closest(`#${id} button`), [act, section] = button?.value.split("-") ?? [];
    if (button?.name === "remove") {
      event.preventDefault();
      remove(button.closest("li"));
    } else if (act === "drop" && $(`${section}-add`)) {
      // Where no more fit there is no such button: the server takes the entry out, and numbers the others anew.
      event.preventDefault();
      button.closest("fieldset").remove();
      $(`${section}-add`).focus();
    }
  });

  document.addEventListener("change", event => {
    if (event.target.id === "upload") pick();
  });

  document.addEventListener("input", ({ target }) => {
    if (target.id === "what_happened") {
      clearTimeout(pause);
      pause = setTimeout(measure, 500);
    } else if (target.name === "danger-now") {
      // Not every browser can do it by the style sheet alone.
      document.querySelector(".asked > *")?.style.setProperty("display", target.value === "yes" ? "block" : "none");
    }
  });

  // A check that fails says nothing: sending will tell. Where no entry comes, the server is asked with the whole form.
  for (const name of ["htmx:before:response", "htmx:error"]) document.addEventListener(name, event => {
    if (event.detail.ctx?.response?.status === 200) return;
    event.preventDefault();
    if (event.target.form) submit(event.target);
  });

  /* Near the limit htmx asks the server how the text stands, by its length alone. */
  function measure() {
    if (!$("count")) return;
    const check = $("check"), length = [...$("what_happened").value].length;
    if (length < check.dataset.from && !$("count").childElementCount) return;
    $("length").value = length;
    check.dispatchEvent(new Event("measured"));
  }

  // ---- files

  function pick() {
    const picked = [...$("upload").files], room = words.most - attached().length - rows.length;
    $("upload").value = "";
    tell(picked.length > room ? words.many : "");
    picked.slice(0, Math.max(room, 0)).forEach(add);
    next();
  }

  function add(file) {
    const li = $("going-row").content.firstElementChild.cloneNode(true), row = { file, li };
    for (const name of li.querySelectorAll(".called")) name.textContent = file.name || words.unnamed;
    li.querySelector(".size").textContent = size(file.size);
    li.querySelector(".cancel").onclick = () => cancel(row);
    li.querySelector(".again").onclick = () => { wait(row); next(); li.querySelector(".cancel").focus(); };
    $("going").append(li);
    rows.push(row);
    if (file.size > words.largest) fail(row, words.large, false);
    else wait(row);
  }

  function wait(row) {
    row.state = "waiting";
    row.li.querySelector(".again").hidden = true;
    row.li.querySelector("progress").hidden = false;
    row.li.querySelector("progress").value = 0;
    row.li.querySelector(".why").textContent = "";
    row.li.querySelector(".how").textContent = overTor(row.file.size);
  }

  function overTor(bytes) {
    const least = Math.floor(bytes / FAST / 60), most = Math.ceil(bytes / SLOW / 60);
    return most < 2 ? words.minute : fill(least ? words.between : words.upto, { least, most });
  }

  /* One file at a time: over a slow line two at once finish no sooner, and both may break. */
  function next() {
    if (rows.some(row => row.state === "going")) return;
    const row = rows.find(row => row.state === "waiting");
    if (row) upload(row);
    else if (wanted) submit(wanted);
    if (wanted) say("waiting", { count: rows.length });
  }

  function upload(row) {
    const data = new FormData(), xhr = row.xhr = new XMLHttpRequest();
    row.state = "going";
    row.begun = Date.now();
    data.append("do", "upload"); // first: the server goes by it when the file is too large
    data.append("draft", form.elements.draft.value);
    // Should the draft be too old to read, a file that is here says which one it was.
    const here = attached()[0];
    if (here) data.append("file", here.querySelector("[name=file]").value);
    // A form field would turn a lone line break into two; such a name goes with the file alone, which keeps it.
    if (!/[\r\n]/.test(row.file.name)) data.append("name", row.file.name);
    data.append("upload", row.file, row.file.name);
    xhr.open("POST", form.action);
    xhr.setRequestHeader("HX-Request", "true");
    xhr.upload.onprogress = event => progress(row, event.loaded, event.total);
    xhr.onload = () => answered(row, xhr);
    xhr.onerror = () => { fail(row, words.lost); next(); };
    xhr.send(data);
  }

  function progress(row, done, all) {
    const seconds = (Date.now() - row.begun) / 1000;
    const left = seconds < 8 ? overTor(row.file.size)
      : fill(words.left, { most: Math.max(1, Math.ceil((all - done) * seconds / done / 60)) });
    row.li.querySelector("progress").value = done / all;
    row.li.querySelector(".how").textContent =
      done < all ? `${fill(words.part, { done: size(done), all: size(all) })} ${left}` : words.sealing;
  }

  function answered(row, xhr) {
    const answer = parsed(xhr.responseText), li = answer.querySelector("li");
    if (xhr.status === 200 && li) {
      // The server began a new draft (its old form keys are gone): everything from now on belongs to that one.
      const draft = li.querySelector("[name=draft]");
      if (draft) { form.elements.draft.value = draft.value; draft.remove(); }
      $("files").append(li);
      const focused = row.li.contains(document.activeElement);
      drop(row);
      number();
      if (focused) li.querySelector("button").focus();
      say("attached", { name: row.file.name });
    } else {
      // Refused: it says why and what to do. Any other error: what happened stands in the first paragraph.
      const why = [...answer.querySelectorAll(".wrong")].map(p => p.textContent.trim()).join(" ");
      const over = answer.querySelector(".over"); // the site takes no files now
      fail(row, why || `${answer.querySelector("p")?.textContent ?? ""} ${words.failed}`, !over);
      if (over) forget(row);
    }
    next();
  }

  function fail(row, why, again = true) {
    row.state = "failed";
    wanted = null;
    say("");
    row.li.querySelector("progress").hidden = true;
    row.li.querySelector(".how").textContent = "";
    row.li.querySelector(".why").textContent = why;
    row.li.querySelector(".again").hidden = !again;
  }

  function cancel(row) {
    if (row.state === "going") row.xhr.abort();
    drop(row);
    $("upload").focus();
    next();
  }

  function drop(row) {
    row.li.remove();
    forget(row);
  }

  function forget(row) {
    rows = rows.filter(other => other !== row);
  }

  function remove(li) {
    const data = new FormData();
    data.append("draft", form.elements.draft.value);
    data.append("file", li.querySelector("[name=file]").value);
    data.append("remove", 0); // the first of the one file that is told
    const near = li.nextElementSibling || li.previousElementSibling;
    li.remove();
    number();
    (near ? near.querySelector("button") : $("upload")).focus();
    // Its key has left the form, so it cannot be sent. Should this request fail, the sweep drops what it sealed.
    fetch(form.action, { method: "POST", body: data, keepalive: true })
      .catch(() => say("later"));
  }

  /* The buttons carry their file's place in the list, which is all that a form without JavaScript needs. */
  function number() {
    [...attached()].forEach((li, place) => { li.querySelector("button").value = place; });
  }

  // ---- sending

  function submit(button) {
    const failed = rows.find(row => row.state === "failed");
    wanted = !failed && rows.length ? button : null;
    if (failed) {
      tell(words.stuck);
      failed.li.querySelector(failed.file.size > words.largest ? ".cancel" : ".again").focus();
    } else if (wanted) {
      tell("");
      say("waiting", { count: rows.length });
    } else {
      send(button);
    }
  }

  const send = sentByFetch(id, { begin, submit, pending: () => rows.length });
})();
