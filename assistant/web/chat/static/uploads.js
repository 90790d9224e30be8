// Documents that the reader adds: chosen or dropped, sent with their progress, and removed again.
"use strict";

(() => {
  const TEXTS = JSON.parse(document.currentScript.dataset.strings);
  const AT_ONCE = 3;
  const { ask, element, nameOf, say, source } = window.assistantChat;
  const progress = element("ul", { class: "progress", "aria-live": "polite" });
  const waiting = []; // files to send, each with its line
  let sending = 0;

  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const number = (value) => value.toLocaleString(document.documentElement.lang || "en");

  function add(files) {
    for (const file of files) {
      const state = element("span", {}, filled(TEXTS.sending, { percent: 0 }));
      const line = element("li", { "data-state": "sending" }, element("strong", { dir: "auto" }, nameOf(file)), state);
      progress.append(line);
      waiting.push({ file, line, state });
    }
    while (sending < AT_ONCE && waiting.length) send(waiting.shift());
  }

  function send({ file, line, state }) {
    sending += 1;
    const request = new XMLHttpRequest(); // unlike fetch, it tells how much was sent
    const end = (kind, text) => {
      line.dataset.state = kind;
      state.textContent = text;
      sending -= 1;
      add([]);
      if (!sending) ready();
    };
    request.upload.onprogress = ({ loaded, total }) => {
      const percent = Math.floor((100 * loaded) / total);
      state.textContent = percent < 100 ? filled(TEXTS.sending, { percent }) : TEXTS.adding;
    };
    request.onload = () => {
      if (request.status === 201) end("added", described(JSON.parse(request.responseText)));
      else if (isReadable(file)) end("refused", filled(TEXTS.not_added, { reason: request.responseText }));
      else {
        end("refused", filled(TEXTS.not_added, { reason: TEXTS.unreadable_kind }));
        const link = element("button", { type: "button", class: "link", "data-action": "kinds" }, TEXTS.readable_kinds);
        state.append(" ", link);
      }
    };
    request.onerror = () => end("refused", filled(TEXTS.not_added, { reason: TEXTS.server_away }));
    request.open("PUT", `uploads/${encodeURIComponent(file.name)}`);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.send(file);
  }

  const kinds = () => document.querySelector("#source-body .kinds");

  // whether its kind is among those that can be read, as far as the page knows them
  function isReadable({ name }) {
    const ending = name.slice(Math.max(0, name.lastIndexOf("."))).toLowerCase();
    return kinds()?.querySelector("p").textContent.split(" ").includes(ending) ?? true;
  }

  function showKinds() {
    kinds().toggleAttribute("open", true);
    kinds().querySelector("summary").focus();
  }

  function described({ words, pages, left_out: reasons }) {
    const text = pages ? TEXTS.added_pages : TEXTS.added;
    const read = filled(text, { words: number(words), pages: number(pages ?? 0) });
    return reasons.length ? `${read}. ${filled(TEXTS.left_out, { reasons: reasons.join("; ") })}` : read;
  }

  // shows what was added, in the list and on a start page that had nothing to ask
  function ready() {
    window.assistantChat.refreshScope();
    window.assistantChat.refreshSuggestions();
    if (document.querySelector("#source-body .documents")) source.refresh();
    if (document.querySelector(".start .trouble") && progress.querySelector('[data-state="added"]')) {
      ask("undo", {}); // renders the conversation again, here the start page
    }
  }

  function choose() {
    const input = element("input", { type: "file", multiple: "" });
    input.addEventListener("change", () => {
      if (!document.querySelector("#source-body .adding")?.checkVisibility()) source.documents();
      add(input.files);
    });
    input.click();
  }

  function confirm(button, asked, text) {
    button.dataset.asked = asked;
    button.textContent = text;
    button.setAttribute("aria-label", `${text} ${button.dataset.name}`);
  }

  async function remove(button) {
    if (!button.dataset.asked) {
      confirm(button, "yes", TEXTS.remove_really);
      button.addEventListener("blur", () => confirm(button, "", TEXTS.remove), { once: true });
      return;
    }
    button.disabled = true;
    try {
      const response = await fetch(`uploads/${encodeURIComponent(button.dataset.name)}`, { method: "DELETE" });
      if (!response.ok) say(await response.text());
    } catch {
      say(TEXTS.server_away);
    }
    window.assistantChat.refreshScope();
    window.assistantChat.refreshSuggestions();
    source.documents();
  }

  // ---- files that are dropped anywhere on the page ----

  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  const mark = (over) => document.documentElement.classList.toggle("dropping", over);
  for (const kind of ["dragenter", "dragover"]) {
    document.addEventListener(kind, (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      mark(true);
    });
  }
  document.addEventListener("dragleave", (event) => event.relatedTarget || mark(false));
  document.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    mark(false);
    source.documents();
    add(event.dataTransfer.files);
  });

  // the list of documents is rendered again, and the progress stays in it
  document.addEventListener("assistant:changed", () => {
    const place = document.querySelector("#source-body .adding");
    if (place && progress.parentElement !== place) place.append(progress);
  });

  window.assistantChat.uploads = { addDocuments: choose, removeDocument: remove, kinds: showKinds };
})();
