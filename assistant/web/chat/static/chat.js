// The reader's actions in the conversation.
//
// Gradio renders the conversation. Nothing in this file turns text into HTML.
"use strict";

(() => {
  const TEXTS = JSON.parse(document.currentScript.dataset.strings);
  const { byId, log, box, element, say, copy, save, source, conversations, uploads, sent, showSuggestions } = window.assistantChat;
  const tabs = window.assistantTabs;
  const LEFT_OUT = "[hidden], .sources, .nearest, .understood, .engine, .suggestions";
  const TOUCH = window.matchMedia("(pointer: coarse)");

  function ask(name, detail) {
    if (typeof detail.question === "string") sent(detail.question);
    window.assistantChat.ask(name, detail);
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

  // a question that is too long is not cut, and stays where it was typed
  function fits(question) {
    const longest = Number(byId("longest").dataset.characters);
    const characters = [...question].length;
    const number = (value) => value.toLocaleString(document.documentElement.lang || "en");
    const over = TEXTS.too_long
      .replace("{characters}", number(characters))
      .replace("{longest}", number(longest));
    if (characters > longest) say(over);
    return characters <= longest;
  }

  function count() {
    const longest = byId("longest");
    if (!longest) return;
    const typed = [...(box()?.value ?? "")].length;
    const most = Number(longest.dataset.characters);
    longest.textContent = typed > 0.8 * most ? `${typed} / ${most}` : "";
    longest.classList.toggle("over", typed > most);
  }

  function guard(event) {
    const typing = event.type === "keydown" && event.target === box();
    const sends = typing ? event.key === "Enter" && !event.shiftKey : event.target.closest?.("#send");
    if (!sends || event.isComposing || fits(box().value.trim())) return;
    event.preventDefault();
    event.stopPropagation();
  }
  document.addEventListener("keydown", guard, true);
  document.addEventListener("click", guard, true);
  document.addEventListener("input", ({ target }) => target === box() && count());

  function edit(button) {
    const exchange = button.closest(".exchange");
    if (exchange.querySelector("form.edit")) return;
    const asked = exchange.querySelector(".asked");
    const form = document.createElement("form");
    form.className = "edit";
    const area = document.createElement("textarea");
    area.value = asked.textContent;
    area.rows = 2;
    area.setAttribute("aria-label", TEXTS.edit_question);
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
      if (!fits(question)) return area.focus();
      close();
      ask("edit", { again: true, question, index: Number(button.dataset.index) });
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
    if (question && fits(question)) ask("submit", { question });
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

  // documents were added or removed: the choice is rendered again, and keeps what was chosen
  async function refreshScope() {
    const place = document.querySelector("#scope .html-container")?.lastElementChild;
    const within = scope()?.value ?? "";
    try {
      const response = await fetch(`scope?${new URLSearchParams({ within })}`);
      if (!place || !response.ok) return;
      place.innerHTML = await response.text(); // escaped by the server
    } catch {
      return; // the next opening of the page has it
    }
    if (scope() && scope().value !== within) ask("select", {});
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

  // ---- an answer on the clipboard: as plain text, and with its lists and tables ----

  function copyAnswer(button) {
    const { text, sources } = button.dataset;
    const shown = button.closest(".exchange").querySelector(":scope > .answer").cloneNode(true);
    for (const part of shown.querySelectorAll(LEFT_OUT)) part.remove();
    for (const mark of shown.querySelectorAll("button")) mark.replaceWith(` ${mark.textContent}`);
    for (const part of shown.querySelectorAll("*")) {
      for (const { name } of [...part.attributes]) part.removeAttribute(name);
    }
    for (const table of shown.querySelectorAll("table")) table.setAttribute("border", "1");
    for (const source of sources.split("\n\n")) shown.append(element("p", {}, source));
    copy([text, sources].filter(Boolean).join("\n\n"), TEXTS.answer_copied, shown.innerHTML);
  }

  const actions = {
    rate,
    unrate,
    widen,
    ...source.actions,
    ...conversations,
    ...uploads,
    ask: (button) => ask("submit", { question: button.dataset.question }),
    retry: (button) => ask("retry", { again: true, index: Number(button.dataset.index) }),
    edit,
    undo: () => ask("undo", {}),
    copy: copyAnswer,
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-action]");
    if (button && Object.hasOwn(actions, button.dataset.action)) {
      hideTip();
      actions[button.dataset.action](button);
    } else if (event.target.closest?.("#documents-button")) {
      source.documents(event.target.closest("button"));
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (byId("tip")?.classList.contains("shown")) hideTip();
    else if (byId("source-pane")?.contains(document.activeElement)) source.close();
  });

  // ---- changes of the conversation ----

  let seen = null; // the number of exchanges, and which one is being answered
  let announced = "";

  function changed() {
    const now = log();
    if (!now) return;
    showSuggestions(); // before anything is scrolled to
    const exchanges = [...now.querySelectorAll(".exchange")];
    const waiting = exchanges.findIndex(({ dataset }) => dataset.state === "pending");
    const first = seen === null;
    if (first) {
      document.documentElement.lang = tabs.language;
      tabs.shade();
      opened();
    }
    const at = waiting >= 0 ? waiting : first || seen.count !== exchanges.length ? -1 : seen.waiting;
    const current = exchanges.at(at); // being answered, just answered, or the last one
    if (current && (first || seen.count !== exchanges.length || seen.waiting !== waiting)) {
      current.scrollIntoView({ block: "start" });
      if (!first && seen.waiting >= 0 && waiting < 0) source.follow(current);
    }
    if (waiting >= 0 && TOUCH.matches && document.activeElement === box()) box().blur(); // its keyboard covers the answer
    seen = { count: exchanges.length, waiting };
    tabs.note(exchanges.map((one) => one.querySelector(".asked").textContent));
    settleRating(now);
    if (scope()) scope().disabled = waiting >= 0;
    forgetDraft();
    count();
    announce(current);
    document.dispatchEvent(new CustomEvent("assistant:changed", { detail: current }));
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
    const area = box();
    const draft = window.sessionStorage.getItem(DRAFT);
    if (!area || !draft || area.value) return;
    area.value = draft;
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function forgetDraft() {
    if (box()?.value) return;
    window.sessionStorage.removeItem(DRAFT);
  }

  // ---- opening the page, with a passage or a question in the address ----

  function opened() {
    const query = new URLSearchParams(window.location.search);
    source.open(query);
    restoreDraft();
    const question = query.get("q");
    if (question === null) return window.assistantChat.resume();
    query.delete("q"); // a reload must not ask again
    const rest = query.size ? `?${query}` : "";
    window.history.replaceState(null, "", window.location.pathname + rest);
    ask("submit", { question });
  }

  function download(text) {
    save(text, "conversation.md");
    say(TEXTS.downloaded);
  }

  // embedded.js sets `shownElsewhere`, which tells whether the page around shows a passage
  Object.assign(window.assistantChat, {
    chosen,
    download,
    refreshScope,
    question: (question) => ask("submit", { question }),
  });

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
