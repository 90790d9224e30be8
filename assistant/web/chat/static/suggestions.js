// Questions to ask next, below the last answer, and to begin with where the corpus suggests none.
//
// They are asked for once an answer is shown, and no longer when the reader asks something else.
"use strict";

(() => {
  const TEXTS = JSON.parse(document.currentScript.dataset.strings);
  const { log, element } = window.assistantChat;
  const tabs = window.assistantTabs;
  const KEPT = "assistant.suggestions"; // those of this tab, for a reload
  let known = read(); // the questions, and the conversation that they belong to
  let asking = { key: "" };
  let without = ""; // the conversation for which the server had none, until it is kept again
  let version = 0; // how often a conversation was kept

  function read() {
    try {
      return JSON.parse(window.sessionStorage.getItem(KEPT) ?? "{}");
    } catch {
      return {};
    }
  }

  function list(questions) {
    const items = questions.map((question) => {
      const data = { type: "button", class: "suggestion", dir: "auto", "data-action": "ask", "data-question": question };
      return element("li", {}, element("button", data, question));
    });
    return element("ul", { class: "suggestions next", "aria-label": TEXTS.suggestions }, ...items);
  }

  // where suggestions belong now, or nothing
  function place() {
    const exchanges = [...log().querySelectorAll(".exchange")];
    if (exchanges.some(({ dataset }) => dataset.state === "pending")) return null;
    const at = exchanges.at(-1) ?? log().querySelector(".start");
    return at?.querySelector(".suggestions:not(.next), .trouble") ? null : at;
  }

  async function find(key) {
    asking.stop?.abort();
    asking = { key, stop: new AbortController() };
    const { signal } = asking.stop;
    const { signed = "", within = "" } = tabs.kept();
    const sent = version;
    try {
      const response = await fetch("suggestions", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ signed, within }),
        signal,
      });
      const { questions } = await response.json();
      if (signal.aborted) return;
      asking = { key: "" };
      if (Array.isArray(questions)) {
        known = { key, questions };
        window.sessionStorage.setItem(KEPT, JSON.stringify(known));
      } else if (sent === version) without = key;
      settle();
    } catch {
      if (!signal.aborted) without = key; // the server went away
    }
  }

  function settle() {
    const at = log()?.hasAttribute("data-ready") ? place() : null;
    const asked = [...(log()?.querySelectorAll(".exchange .asked") ?? [])].map((one) => one.textContent);
    const key = at ? JSON.stringify([tabs.current(), asked]) : "";
    if (asking.key && asking.key !== key) {
      asking.stop.abort();
      asking = { key: "" };
    }
    if (!at || at.querySelector(".next")) return;
    if (known.key === key) {
      if (known.questions.length) at.append(list(known.questions));
    } else if (asking.key !== key && without !== key) find(key);
  }

  document.addEventListener("assistant:changed", settle);
  document.addEventListener("assistant:kept", () => {
    version += 1;
    without = "";
    settle();
  });
  window.assistantChat.suggestions = list;
})();
