// Questions to ask next, below each answer, and to begin with where the corpus suggests none.
//
// They are asked for once an answer is shown, and no longer when the reader asks something else.
// Those below earlier answers are kept beside the conversation.
"use strict";

(() => {
  const TEXTS = JSON.parse(document.currentScript.dataset.strings);
  const { log, element } = window.assistantChat;
  const tabs = window.assistantTabs;
  const MOST_OFFERED = 30; // as the server takes them
  const OTHERS = ".suggestions:not(.next, [hidden]), .trouble, .problem, .stopped";
  const known = new Map(tabs.suggested()); // the questions below each answer, by what was asked
  const beginnings = new Map(); // the questions to begin with, by what is asked: a part, or everything
  let asking = { key: "" };
  let without = ""; // the answer below which the server had none, until the conversation is kept again
  let version = 0; // how often a conversation was kept
  const answered = new Set(); // the questions that this page asked

  function list(questions) {
    const items = questions.map((question) => {
      const data = { type: "button", class: "suggestion", dir: "auto", "data-action": "ask", "data-question": question };
      return element("li", {}, element("button", data, question));
    });
    return element("ul", { class: "suggestions next", "aria-label": TEXTS.suggestions }, ...items);
  }

  const exchanges = () => [...log().querySelectorAll(".exchange")];
  const asked = (exchange) => exchange.querySelector(".asked").textContent;

  const part = () => tabs.kept().within ?? "";

  // what was suggested at a place, or nothing yet
  const found = (at) => (at.matches(".start") ? beginnings.get(part()) : known.get(asked(at)));

  function keep(at, questions) {
    if (at.matches(".start")) {
      beginnings.set(part(), questions);
      return;
    }
    known.set(asked(at), questions);
    const now = new Set(exchanges().map(asked));
    tabs.suggest([...known].filter(([question]) => now.has(question)));
  }

  // what was suggested below the other answers, the last ones first
  function offered(at) {
    const others = exchanges().filter((one) => one !== at).reverse();
    return [...new Set(others.flatMap((one) => found(one) ?? []))].slice(0, MOST_OFFERED);
  }

  // where suggestions belong: at the start, or below each answer
  function places() {
    const shown = exchanges();
    const all = shown.length ? shown : [log().querySelector(".start")];
    return all.filter((at) => at && !at.querySelector(OTHERS));
  }

  async function find(at, key) {
    asking = { key, stop: new AbortController() };
    const { signal } = asking.stop;
    const { signed = "", within = "" } = tabs.kept();
    const place = at.matches(".start") ? {} : { index: exchanges().indexOf(at), offered: offered(at) };
    const sent = version;
    try {
      const response = await fetch("suggestions", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ signed, within, ...place }),
        signal,
      });
      const { questions } = await response.json();
      if (signal.aborted) return;
      asking = { key: "" };
      if (Array.isArray(questions)) keep(at, questions);
      else if (sent === version) without = key;
      settle();
    } catch {
      if (!signal.aborted) without = key; // the server went away
    }
  }

  // shows what is known, without what was asked since: other answers' suggestions take its place
  function show() {
    const done = new Set(exchanges().map(asked));
    const general = log().querySelector(".start .suggestions:not(.next)");
    if (general) general.hidden = part() !== ""; // a part of the documents has questions of its own
    const all = places();
    for (const at of all) {
      const own = found(at) ?? [];
      const offered = [...new Set([own, ...all.map((one) => found(one) ?? [])].flat())]
        .filter((question) => !done.has(question))
        .slice(0, own.length);
      const shown = at.querySelector(".next");
      if (shown?.textContent === offered.join("")) continue;
      shown?.remove();
      if (offered.length) at.append(list(offered));
    }
    return all;
  }

  function settle() {
    if (!log()?.hasAttribute("data-ready")) return;
    const all = show();
    const busy = exchanges().find(({ dataset }) => dataset.state === "pending");
    if (busy) answered.add(asked(busy));
    // an answer of this page, or the last one
    const open = (one) => !found(one) && (one === all.at(-1) || answered.has(asked(one)));
    const at = busy ? null : all.findLast(open);
    const key = at ? JSON.stringify([tabs.current(), part(), exchanges().map(asked), all.indexOf(at)]) : "";
    if (asking.key && asking.key !== key) {
      asking.stop.abort();
      asking = { key: "" };
    }
    if (at && asking.key !== key && without !== key) find(at, key);
  }

  // documents were added or removed
  function refreshSuggestions() {
    beginnings.clear();
    without = "";
    settle();
  }

  document.addEventListener("assistant:changed", settle);
  document.addEventListener("assistant:kept", () => {
    version += 1;
    without = "";
    settle();
  });
  Object.assign(window.assistantChat, { suggestions: list, showSuggestions: show, refreshSuggestions });
})();
