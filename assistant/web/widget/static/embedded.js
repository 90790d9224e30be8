// The compact chat in the frame of a page that embeds it: speaks with the widget.js around it.
//
// The policy of this page lets only the sites that its owner listed frame it. Messages are heard
// from the window around and those sites alone, and go to no other one.
"use strict";

(() => {
  const { origins } = document.currentScript.dataset;
  const allowed = [window.location.href, ...JSON.parse(origins)].map((one) => new URL(one).origin);
  const framed = window.parent !== window;
  const chat = window.assistantChat;
  let site = ""; // the origin of the page around, once it has spoken
  let settings = { placeholder: "", greeting: "", theme: "", accent: "", questions: [] };

  document.documentElement.classList.add("compact");

  function tell(kind, values) {
    if (site) window.parent.postMessage({ assistant: kind, ...values }, site);
  }

  // ---- what the page around says ----

  const text = (value) => typeof value === "string";
  const heard = {
    configure(data) {
      const { placeholder, greeting, theme, accent, questions } = data;
      if (![placeholder, greeting, theme, accent, questions].every(text)) return;
      const suggested = questions.split("|").map((question) => question.trim());
      settings = { placeholder, greeting, theme, accent, questions: suggested.filter(Boolean) };
      shade();
      dress();
    },
    ask: ({ question }) => text(question) && chat.ask(question),
    focus: () => document.querySelector("#question textarea")?.focus(),
    found: ({ found }) => typeof found === "boolean" && answerOf?.(found),
  };

  window.addEventListener("message", ({ source, origin, data }) => {
    if (!framed || source !== window.parent || !allowed.includes(origin)) return;
    const kind = Object(data).assistant;
    if (!text(kind) || !Object.hasOwn(heard, kind)) return;
    site = origin;
    heard[kind](data);
    if (kind === "configure" && ready) tell("ready");
  });

  const DARK = window.matchMedia("(prefers-color-scheme: dark)");
  DARK.addEventListener("change", shade);

  function shade() {
    const wanted = ["light", "dark"].includes(settings.theme) ? settings.theme : "";
    const dark = wanted ? wanted === "dark" : DARK.matches;
    document.body?.classList.toggle("dark", dark);
    const accent = window.CSS.supports("color", settings.accent) ? settings.accent : "";
    document.documentElement.style.setProperty("--chosen", accent);
    document.documentElement.classList.toggle("accented", accent !== "");
  }

  // ---- placeholder, greeting and suggestions of the page around ----

  function dress() {
    const { placeholder, greeting, questions } = settings;
    const box = document.querySelector("#question textarea");
    if (box && placeholder && box.placeholder !== placeholder) box.placeholder = placeholder;
    const start = document.querySelector("#log .start");
    const head = start?.querySelector(":scope > h2");
    if (head && greeting && !start.querySelector(".trouble") && head.textContent !== greeting) {
      head.textContent = greeting;
    }
    const list = document.querySelector("#log .start .suggestions");
    const shown = [...(list?.querySelectorAll("button") ?? [])].map((one) => one.textContent);
    if (!list || !questions.length || shown.join("|") === questions.join("|")) return;
    const first = list.querySelector("li");
    const items = questions.map((question) => {
      const item = first.cloneNode(true);
      const button = item.querySelector("button");
      button.textContent = button.dataset.question = question;
      return item;
    });
    list.replaceChildren(...items);
  }

  // ---- what the page around is told ----

  let ready = false;
  let told = ""; // only the log of an answer that was given just now has it as an attribute

  document.addEventListener("assistant:changed", ({ detail: last }) => {
    if (!ready) {
      ready = true;
      shade();
      tell("ready");
    }
    dress();
    const answer = document.querySelector("#log .log")?.dataset.answer ?? "";
    if (answer && answer !== told) {
      const { status, citations } = JSON.parse(answer);
      tell("answer", { question: last.querySelector(".asked").textContent, status, citations });
    }
    told = answer;
  });

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape") return;
      if (!document.querySelector("#tip.shown, dialog[open], form.edit")) tell("close");
    },
    true, // before the chat has closed what is open in it
  );

  // ---- a passage that stands on the page around is shown there ----

  const PATIENCE = 600; // milliseconds
  let answerOf = null;

  chat.shownElsewhere = (passage) => {
    const article = passage.closest("article");
    if (!site || !article?.dataset.url) return false;
    const url = new URL(article.dataset.url, document.baseURI).href;
    const before = (passage.previousSibling?.textContent ?? "").slice(-200);
    tell("passage", { quote: passage.textContent, before, url });
    return new Promise((resolve) => {
      answerOf = resolve;
      setTimeout(() => resolve(false), PATIENCE);
    });
  };

  // says nothing but that something is here, so that everybody may hear it
  if (framed) window.parent.postMessage({ assistant: "loaded" }, "*");
})();
