// The reader's actions in the conversation and the source pane.
//
// Gradio renders the conversation. This script fills the source pane with fragments that the server
// has escaped (see sources.py). Nothing in this file turns text into HTML.
"use strict";

(() => {
  const TEXTS = JSON.parse(document.currentScript.dataset.strings);
  const SHEET = window.matchMedia("(max-width: 899px)");
  const byId = (id) => document.getElementById(id);
  const log = () => document.querySelector("#log .log");

  // ---- a short message to the reader, shown and read out ----

  let toastTimer = 0;
  function say(text) {
    let toast = byId("toast");
    if (!toast) {
      toast = document.createElement("div");
      toast.id = "toast";
      toast.setAttribute("role", "status");
    }
    (byId("source-sheet")?.open ? byId("source-sheet") : document.body).append(toast);
    toast.textContent = text;
    toast.classList.add("shown");
    clearTimeout(toastTimer);
    toastTimer = setTimeout(() => toast.classList.remove("shown"), 2600);
  }

  async function copy(text, done) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      copyByHand(text); // browsers offer the clipboard API on HTTPS and localhost only
    }
    say(done);
  }

  function copyByHand(text) {
    const area = document.createElement("textarea");
    const focused = document.activeElement;
    area.value = text;
    area.className = "unseen";
    (byId("source-sheet")?.open ? byId("source-sheet") : document.body).append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    focused?.focus();
  }

  // ---- the source pane, which is a sheet over the chat on a small screen ----

  let opener = null; // the element that had the focus before a source was opened
  let request = 0; // the number of the newest request: older responses are dropped

  async function show(address, from, reveal) {
    const number = ++request;
    const body = byId("source-body");
    if (!body) return;
    if (from) opener = from;
    body.setAttribute("aria-busy", "true");
    let fragment = "";
    try {
      const response = await fetch(address, { headers: { accept: "text/html" } });
      fragment = await response.text();
    } catch {
      fragment = "";
    }
    if (number !== request) return;
    body.removeAttribute("aria-busy");
    if (fragment) {
      body.innerHTML = fragment; // escaped by the server, and the page's policy runs no script in it
    } else {
      body.textContent = TEXTS.server_away;
    }
    const passage = body.querySelector("#passage");
    if (passage && reveal && (await window.assistantChat.shownElsewhere?.(passage))) {
      return say(TEXTS.shown_on_page);
    }
    if (number !== request) return;
    if (reveal) openSheet();
    body.scrollTop = 0;
    const target = passage ?? body.querySelector("h2") ?? body;
    if (passage) scrollTo(body, passage);
    if (reveal) target.focus({ preventScroll: true });
  }

  function scrollTo(body, passage) {
    const head = body.querySelector(".document header");
    const hidden = getComputedStyle(head).position === "sticky" ? head.offsetHeight : 0;
    const room = body.clientHeight - hidden;
    const lead = hidden + Math.max(24, (room - passage.offsetHeight) / 4);
    const top = passage.getBoundingClientRect().top - body.getBoundingClientRect().top;
    body.scrollTop = Math.max(0, top - lead);
  }

  function openSheet() {
    const sheet = byId("source-sheet");
    if (!SHEET.matches || sheet.open) return;
    sheet.append(byId("source-view"));
    sheet.showModal(); // keeps the focus inside, and closes on Escape
  }

  function closeSource() {
    const sheet = byId("source-sheet");
    if (sheet?.open) sheet.close();
    else returnFocus();
  }

  function returnFocus() {
    const back = opener?.isConnected ? opener : document.querySelector("#question textarea");
    back?.focus();
    opener = null;
  }

  function settleSheet(sheet) {
    byId("source-pane").append(byId("source-view"));
    if (!sheet.dataset.resized) returnFocus();
    delete sheet.dataset.resized;
  }

  SHEET.addEventListener("change", () => {
    const sheet = byId("source-sheet");
    if (SHEET.matches || !sheet?.open) return;
    sheet.dataset.resized = "yes";
    sheet.close();
  });

  function sourceAddress(data) {
    const query = new URLSearchParams({ document: data.document });
    if (data.start) query.set("start", data.start);
    if (data.end) query.set("end", data.end);
    if (data.part) query.set("part", data.part);
    return `source?${query}`;
  }

  function list(search, skip) {
    show(`source?${new URLSearchParams({ search, skip })}`, null, true);
  }

  function permalink(data) {
    const address = new URL("./", document.baseURI);
    address.search = new URLSearchParams({
      document: data.document,
      start: data.start,
      end: data.end,
    });
    return address.href;
  }

  // ---- the quote, shown while a mark has the pointer or the focus ----

  let tipOwner = null;
  function showTip(mark) {
    const quote = byId(mark.getAttribute("aria-describedby"));
    if (!quote) return;
    let tip = byId("tip");
    if (!tip) {
      tip = document.createElement("div");
      tip.id = "tip";
      tip.setAttribute("aria-hidden", "true"); // the mark is described by the quote itself
      tip.dir = "auto";
      document.body.append(tip);
    }
    tipOwner = mark;
    tip.textContent = quote.textContent;
    tip.classList.add("shown");
    const box = mark.getBoundingClientRect();
    const left = Math.min(box.left - 12, document.documentElement.clientWidth - tip.offsetWidth - 12);
    const above = box.top - tip.offsetHeight - 6;
    tip.style.left = `${Math.max(12, left)}px`;
    tip.style.top = `${above > 8 ? above : box.bottom + 6}px`;
  }

  function hideTip() {
    byId("tip")?.classList.remove("shown");
    tipOwner = null;
  }

  const markAt = (event) => event.target.closest?.("button.mark");
  document.addEventListener("pointerover", (event) => {
    const mark = event.pointerType === "touch" ? null : markAt(event);
    if (mark) showTip(mark);
    else if (tipOwner && !event.target.closest?.("#tip") && tipOwner !== document.activeElement) {
      hideTip();
    }
  });
  document.addEventListener("focusin", (event) => {
    const mark = markAt(event);
    if (mark?.matches(":focus-visible")) showTip(mark);
    else hideTip();
  });
  document.addEventListener("scroll", hideTip, true);

  // ---- asking ----

  function ask(name, detail) {
    // trigger() of gr.HTML listens on the component's own element, the parent of the log
    log()?.parentElement.dispatchEvent(new CustomEvent(`assistant:${name}`, { detail }));
  }

  function edit(button) {
    const exchange = button.closest(".exchange");
    if (exchange.querySelector("form")) return;
    const asked = exchange.querySelector(".asked");
    const form = document.createElement("form");
    form.className = "edit";
    const area = document.createElement("textarea");
    area.value = asked.textContent;
    area.rows = 2;
    area.setAttribute("aria-label", TEXTS.edit_question);
    area.maxLength = document.querySelector("#question textarea")?.maxLength ?? -1;
    const actions = document.createElement("div");
    actions.className = "actions";
    const send = document.createElement("button");
    send.type = "submit";
    send.textContent = TEXTS.ask;
    const cancel = document.createElement("button");
    cancel.type = "button";
    cancel.textContent = TEXTS.cancel;
    actions.append(send, cancel);
    form.append(area, actions);
    const close = () => {
      form.remove();
      exchange.classList.remove("editing");
      button.focus();
    };
    cancel.addEventListener("click", close);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const question = area.value.trim();
      if (!question) return area.focus();
      close();
      ask("edit", { again: true, question });
    });
    area.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close();
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
    exchange.querySelector(".question").after(form);
    exchange.classList.add("editing");
    area.focus();
  }

  document.addEventListener("submit", (event) => {
    const form = event.target.closest?.(".reword");
    if (!form) return;
    event.preventDefault();
    const question = form.querySelector("input").value.trim();
    if (question) ask("submit", { question });
  });

  // ---- the choice of what to ask: all documents, a folder or one document ----

  const scope = () => document.querySelector("#scope select");

  document.addEventListener("change", (event) => {
    if (event.target === scope()) ask("select", {});
  });

  // returns the conversation with the current choice, for Gradio to store
  function chosen(kept) {
    return { signed: "", ...kept, within: scope().value };
  }

  function widen() {
    if (scope()) scope().value = "";
    ask("retry", { again: true, within: "" });
  }

  // ---- feedback on an answer ----

  const drafts = new Map(); // unsent comments, by the id of their verdict
  let rating = null; // the feedback on its way to the server, and the message and focus for its success

  function rate(button) {
    if (button.getAttribute("aria-pressed") === "true") return unrate(button);
    const { index, helpful } = button.dataset;
    const thumb = `.thumb[data-helpful="${helpful}"]`;
    rating = {
      index,
      message: TEXTS.feedback_saved,
      focus: thumb,
      done: (exchange) => exchange.querySelector(`${thumb}[aria-pressed="true"]`),
    };
    ask("like", { index: Number(index), helpful: helpful === "yes" });
  }

  function unrate(button) {
    const { index } = button.dataset;
    const pressed = button.closest(".exchange").querySelector('.thumb[aria-pressed="true"]');
    rating = {
      index,
      message: TEXTS.feedback_removed,
      focus: `.thumb[data-helpful="${pressed.dataset.helpful}"]`,
      done: (exchange) => !exchange.querySelector(".verdict"),
    };
    ask("delete", { index: Number(index) });
  }

  document.addEventListener("submit", (event) => {
    const form = event.target.closest?.(".verdict form");
    if (!form) return;
    event.preventDefault();
    const { index, helpful } = form.dataset;
    const comment = form.querySelector("textarea").value;
    rating = {
      index,
      message: comment.trim() ? TEXTS.comment_saved : TEXTS.comment_removed,
      focus: ".verdict summary",
      done: (exchange) =>
        (exchange.querySelector(".commented")?.textContent ?? "") === comment.trim(),
    };
    ask("like", { index: Number(index), helpful: helpful === "yes", comment });
  });

  document.addEventListener("input", (event) => {
    const form = event.target.closest?.(".verdict form");
    if (form) drafts.set(form.dataset.verdict, event.target.value);
  });

  // keeps a half-written comment and the focus when the conversation is rendered again
  function settleRating(now) {
    for (const form of now.querySelectorAll(".verdict form")) {
      const area = form.querySelector("textarea");
      const draft = drafts.get(form.dataset.verdict);
      if (draft === undefined) continue;
      if (draft.trim() === area.defaultValue) {
        drafts.delete(form.dataset.verdict); // it was saved
      } else {
        area.value = draft;
        form.closest("details").open = true;
      }
    }
    const exchange = rating && now.querySelectorAll(".exchange")[rating.index];
    if (!exchange) return;
    if (rating.done(exchange)) {
      exchange.querySelector(rating.focus)?.focus({ preventScroll: true });
      say(rating.message);
      rating = null;
    } else if (exchange.nextElementSibling?.matches(".word")) {
      rating = null; // the notice gives the reason
    }
  }

  const actions = {
    rate,
    unrate,
    widen,
    cite: (button) => show(sourceAddress(button.dataset), button, true),
    read: (button) => {
      const inside = byId("source-view")?.contains(button);
      show(sourceAddress(button.dataset), inside ? null : button, true);
    },
    documents: (button) => {
      const inside = byId("source-view")?.contains(button);
      show("source", inside ? null : button, true);
    },
    list: (button) => list(button.dataset.search, button.dataset.skip),
    close: closeSource,
    permalink: (button) => copy(permalink(button.dataset), TEXTS.link_copied),
    ask: (button) => ask("submit", { question: button.dataset.question }),
    retry: () => ask("retry", { again: true }),
    edit,
    undo: () => ask("undo", {}),
    copy: (button) => copy(button.dataset.text, TEXTS.answer_copied),
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-action]");
    if (button && Object.hasOwn(actions, button.dataset.action)) {
      hideTip();
      actions[button.dataset.action](button);
    } else if (event.target.closest?.("#documents-button")) {
      show("source", event.target.closest("button"), true);
    }
  });

  document.addEventListener("submit", (event) => {
    if (event.target.dataset?.form !== "find") return;
    event.preventDefault();
    list(event.target.elements.search.value, 0);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (byId("tip")?.classList.contains("shown")) hideTip();
    else if (byId("source-pane")?.contains(document.activeElement)) closeSource();
  });

  // ---- changes of the conversation ----

  let seen = null; // the number of exchanges, and the state of the last
  let announced = "";

  function changed() {
    const now = log();
    if (!now) return;
    const exchanges = now.querySelectorAll(".exchange");
    const last = exchanges[exchanges.length - 1];
    if (seen === null) opened();
    const state = `${exchanges.length} ${last?.dataset.state}`;
    if (last && state !== seen) last.scrollIntoView({ block: "start" });
    seen = state;
    settleRating(now);
    if (scope()) scope().disabled = last?.dataset.state === "pending";
    forgetDraft();
    announce(last);
    document.dispatchEvent(new CustomEvent("assistant:changed", { detail: last }));
  }

  function announce(last) {
    let status = byId("announcement");
    if (!status) {
      status = document.createElement("div");
      status.id = "announcement";
      status.className = "unseen";
      status.setAttribute("role", "status");
      document.body.append(status);
      announced = last?.textContent ?? ""; // what the page opened with is not news
      return;
    }
    const answer = last?.querySelector(".answer");
    const text = last?.dataset.state === "pending" ? TEXTS.reading : answer?.innerText;
    if (last && text !== announced) status.textContent = announced = text ?? "";
  }

  // ---- typed text survives a reload, which Gradio does by itself after the server was away ----

  const DRAFT = "assistant.draft";
  let drafting = 0;
  document.addEventListener("input", ({ target }) => {
    if (!target.matches?.("#question textarea")) return;
    clearTimeout(drafting);
    drafting = setTimeout(() => window.sessionStorage.setItem(DRAFT, target.value), 250);
  });

  function restoreDraft() {
    const box = document.querySelector("#question textarea");
    const draft = window.sessionStorage.getItem(DRAFT);
    if (!box || !draft || box.value) return;
    box.value = draft;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function forgetDraft() {
    if (document.querySelector("#question textarea")?.value) return;
    window.sessionStorage.removeItem(DRAFT);
  }

  // ---- opening the page, with a passage or a question in the address ----

  function opened() {
    const query = new URLSearchParams(window.location.search);
    const sheet = byId("source-sheet");
    sheet?.addEventListener("close", () => settleSheet(sheet));
    sheet?.addEventListener("click", (event) => {
      if (event.target === sheet) sheet.close(); // the backdrop
    });
    const id = query.get("document");
    if (id) {
      const data = { document: id, start: query.get("start"), end: query.get("end") };
      show(sourceAddress(data), null, true);
    } else {
      show("source", null, false);
    }
    restoreDraft();
    const question = query.get("q");
    if (question === null) return;
    query.delete("q"); // a reload must not ask again
    const rest = query.size ? `?${query}` : "";
    window.history.replaceState(null, "", window.location.pathname + rest);
    ask("submit", { question });
  }

  function download(text) {
    const address = URL.createObjectURL(new Blob([text], { type: "text/markdown" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = "conversation.md";
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
    say(TEXTS.downloaded);
  }

  // embedded.js sets `shownElsewhere`, which tells whether the page around shows a passage
  window.assistantChat = { chosen, download, ask: (question) => ask("submit", { question }) };

  let waiting = false;
  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      if (log()?.hasAttribute("data-ready")) changed();
    });
  }).observe(document.documentElement, { childList: true, subtree: true, characterData: true });
})();
