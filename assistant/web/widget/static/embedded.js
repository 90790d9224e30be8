// The compact chat in the frame of a page that embeds it. It exchanges messages with widget.js.
//
// The policy of this page lets only the sites that its owner listed frame it. It accepts messages
// only from the window around, and only from those sites, and sends messages only to them.
"use strict";

(() => {
  const { origins, strings } = document.currentScript.dataset;
  const TEXTS = JSON.parse(strings);
  const allowed = [window.location.href, ...JSON.parse(origins)].map((url) => new URL(url).origin);
  const framed = window.parent !== window;
  const chat = window.assistantChat;
  let site = ""; // the origin of the page around, once it has sent a message
  /** @type {any} */
  let settings = { placeholder: "", greeting: "", theme: "", accent: "", questions: [], contact: "", shortcut: false };

  document.documentElement.classList.add("compact");

  function post(kind, values) {
    if (site) window.parent.postMessage({ assistant: kind, ...values }, site);
  }

  // ---- messages from the page around ----

  const isText = (value) => typeof value === "string";
  const handlers = {
    configure(data) {
      const names = ["placeholder", "greeting", "theme", "accent", "questions", "contact"];
      const chosen = Object.fromEntries(names.map((name) => [name, data[name] ?? ""]));
      if (!Object.values(chosen).every(isText)) return;
      const questions = chosen.questions.split("|").map((question) => question.trim());
      settings = { ...chosen, questions: questions.filter(Boolean), shortcut: isText(data.shortcut) };
      shade();
      dress();
    },
    ask: ({ question }) => isText(question) && chat.question(question),
    focus: () => document.querySelector("#question textarea")?.focus(),
    found: ({ found }) => typeof found === "boolean" && resolvePassage?.(found),
  };

  window.addEventListener("message", ({ source, origin, data }) => {
    if (!framed || source !== window.parent || !allowed.includes(origin)) return;
    const kind = Object(data).assistant;
    if (!isText(kind) || !Object.hasOwn(handlers, kind)) return;
    site = origin;
    handlers[kind](data);
    if (kind === "configure" && ready) post("ready");
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

  // ---- placeholder, greeting and suggestions that the page around chose ----

  // a person to talk to, below an answer that did not help
  function offerContact() {
    const address = URL.parse(settings.contact);
    if (!address || !["https:", "http:", "mailto:", "tel:"].includes(address.protocol)) return;
    const unhelpful = ".nearest, .thumb[data-helpful='no'][aria-pressed='true']";
    for (const exchange of document.querySelectorAll(".exchange")) {
      const actions = exchange.querySelector(":scope > .actions");
      const there = actions?.querySelector(".contact");
      if (!actions || !exchange.querySelector(unhelpful)) there?.remove();
      else if (!there) {
        const attributes = { class: "contact", href: address.href, target: "_blank", rel: "noopener" };
        actions.append(chat.element("a", attributes, TEXTS.contact));
      }
    }
  }

  function dress() {
    const { placeholder, greeting, questions } = settings;
    offerContact();
    const box = document.querySelector("#question textarea");
    if (box && placeholder && box.placeholder !== placeholder) box.placeholder = placeholder;
    const start = document.querySelector("#log .start");
    const head = start?.querySelector(":scope > h2");
    if (head && greeting && !start.querySelector(".trouble") && head.textContent !== greeting) {
      head.textContent = greeting;
    }
    if (!start || start.querySelector(".trouble") || !questions.length) return;
    const list = start.querySelector(".suggestions");
    const shown = [...(list?.querySelectorAll("button") ?? [])].map((button) => button.textContent);
    if (shown.join("|") === questions.join("|")) return;
    const chosen = chat.suggestions(questions);
    chosen.classList.remove("next");
    if (list) list.replaceWith(chosen);
    else start.append(chosen);
  }

  // ---- messages to the page around ----

  let ready = false;
  let sent = ""; // the last answer sent: only a new answer is an attribute of the log

  document.addEventListener("assistant:changed", ({ detail: last }) => {
    if (!ready) {
      ready = true;
      shade();
      post("ready");
    }
    dress();
    const answer = document.querySelector("#log .log")?.dataset.answer ?? "";
    if (answer && answer !== sent) {
      const { status, citations } = JSON.parse(answer);
      post("answer", { question: last.querySelector(".asked").textContent, status, citations });
    }
    sent = answer;
  });

  const isShortcut = ({ key, metaKey, ctrlKey }) => settings.shortcut && /^k$/i.test(key) && (metaKey || ctrlKey);

  document.addEventListener(
    "keydown",
    (event) => {
      if (isShortcut(event)) {
        event.preventDefault();
        return post("close");
      }
      if (event.key !== "Escape") return;
      if (!document.querySelector("#tip.shown, dialog[open], form.edit")) post("close");
    },
    true, // before the chat closes what is open in it
  );

  // ---- a passage that the page around contains is shown there ----

  const PATIENCE = 600; // milliseconds
  let resolvePassage = null;

  // the text of an element as a reader sees it, without marks of structure, up to another element
  function seen(element, end) {
    const range = new Range();
    range.selectNodeContents(element);
    if (end) range.setEndBefore(end);
    const copied = range.cloneContents();
    for (const mark of copied.querySelectorAll(".markup")) mark.remove();
    return copied.textContent;
  }

  // the page around has no control for it: the answer gets the link to the passage shown last
  function offerLink(article, citing) {
    const actions = citing?.closest(".exchange")?.querySelector(":scope > .actions");
    for (const link of document.querySelectorAll(".exchange [data-action='permalink']")) link.remove();
    actions?.append(article.querySelector("[data-action='permalink']").cloneNode(true));
  }

  chat.shownElsewhere = (passage, citing) => {
    const article = passage.closest("article");
    if (!site || !article?.dataset.url || !article.querySelector(".text")) return false;
    const url = new URL(article.dataset.url, document.baseURI).href;
    const marked = [...article.querySelectorAll("mark.cited")];
    const before = seen(article.querySelector(".text"), passage).slice(-200);
    post("passage", { quote: marked.map((part) => seen(part)).join("\n"), before, url });
    return new Promise((resolve) => {
      resolvePassage = (found) => {
        if (found) offerLink(article, citing);
        resolve(found);
      };
      setTimeout(() => resolve(false), PATIENCE);
    });
  };

  // any origin may receive this, because it says only that the frame has loaded
  if (framed) window.parent.postMessage({ assistant: "loaded" }, "*");
})();
