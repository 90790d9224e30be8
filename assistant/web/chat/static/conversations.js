// The list of this browser's conversations, in a dialog: new, open, search, rename, delete, export.
"use strict";

(() => {
  const TEXTS = JSON.parse(document.currentScript.dataset.strings);
  const { byId, element, say, save } = window.assistantChat;
  const tabs = window.assistantTabs;

  // ---- the phone's Back button closes what is open, and never leaves the chat ----

  function backCloses(dialog) {
    window.history.pushState({ assistant: "open" }, "");
    const closed = () => window.history.state?.assistant && window.history.back();
    dialog.addEventListener("close", closed, { once: true });
  }
  window.addEventListener("popstate", () => {
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  });

  // ---- the dialog ----

  const button = (action, text, attributes = {}) =>
    element("button", { type: "button", "data-action": action, ...attributes }, text);

  function dialog() {
    const made = byId("conversations");
    if (made) return made;
    const search = element("input", { type: "search", "aria-label": TEXTS.search_conversations, placeholder: TEXTS.search_conversations });
    const looks = [["auto", TEXTS.theme_auto], ["light", TEXTS.theme_light], ["dark", TEXTS.theme_dark]];
    const choices = looks.map(([value, text]) => element("option", { value }, text));
    const theme = element("select", { id: "theme" }, ...choices);
    const head = element("p", { class: "bar" }, element("strong", {}, TEXTS.conversations), button("leave", TEXTS.close));
    const start = element("p", { class: "tools" }, button("start", TEXTS.new_conversation), button("exportAll", TEXTS.export_all));
    const label = element("label", { class: "looks" }, TEXTS.theme, theme);
    const list = element("ul", { id: "conversation-list" });
    const dialog = element("dialog", { id: "conversations", "aria-label": TEXTS.conversations });
    dialog.append(head, start, search, list, element("p", { class: "hint" }, TEXTS.conversations_hint), label);
    search.addEventListener("input", () => fill(search.value));
    theme.addEventListener("change", () => tabs.choose(theme.value));
    dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
    (document.querySelector(".gradio-container") ?? document.body).append(dialog);
    return dialog;
  }

  function fill(words = "") {
    const wanted = words.trim().toLowerCase();
    const entries = tabs.list().filter(({ title, text }) => `${title}\n${text}`.toLowerCase().includes(wanted));
    const items = entries.map(({ id, title }) => {
      const opener = button("openConversation", title, { "data-id": id, class: "entry", dir: "auto" });
      if (id === tabs.current()) opener.setAttribute("aria-current", "true");
      const tools = [
        ["renameConversation", TEXTS.rename],
        ["exportConversation", TEXTS.export_one],
        ["deleteConversation", TEXTS.delete],
      ];
      const buttons = tools.map(([action, text]) => button(action, text, { "data-id": id, "aria-label": `${text}: ${title}` }));
      return element("li", {}, opener, element("span", { class: "tools" }, ...buttons));
    });
    byId("conversation-list").replaceChildren(...items);
    const none = wanted ? TEXTS.no_conversation_found : TEXTS.no_conversations;
    if (!items.length) byId("conversation-list").append(element("li", { class: "hint" }, none));
  }

  function show() {
    const opened = dialog();
    byId("theme").value = tabs.theme();
    opened.querySelector('input[type="search"]').value = "";
    fill();
    opened.showModal();
    backCloses(opened);
  }

  function rename(opener) {
    const item = opener.closest("li");
    const { id } = opener.dataset;
    const before = tabs.list().find((entry) => entry.id === id).title;
    const box = element("input", { type: "text", "aria-label": TEXTS.rename, maxlength: "120", dir: "auto" });
    box.value = before;
    const done = (title) => {
      if (title) tabs.rename(id, title);
      fill();
      byId("conversation-list").querySelector(`[data-action="renameConversation"][data-id="${id}"]`)?.focus();
    };
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter") done(box.value.trim());
      if (event.key === "Escape") done("");
      if (["Enter", "Escape"].includes(event.key)) event.preventDefault();
    });
    item.querySelector(".entry").replaceWith(box);
    box.select();
  }

  // a part of a file of several conversations has footnotes of its own
  async function markdown(id, part) {
    const response = await fetch("chat-export", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ signed: tabs.kept(id).signed ?? "", within: "", part }),
    });
    if (!response.ok) throw new Error(String(response.status));
    return response.text();
  }

  async function exportThese(ids, name) {
    try {
      const exported = [];
      const several = ids.length > 1;
      for (const [place, id] of ids.entries()) exported.push(await markdown(id, several ? place + 1 : 0));
      save(exported.join("\n---\n\n"), name);
      say(TEXTS.exported);
    } catch {
      say(TEXTS.server_away);
    }
  }

  function remove({ dataset: { id } }) {
    const isCurrent = id === tabs.current();
    tabs.forget(id);
    if (isCurrent) return tabs.start();
    fill(byId("conversations").querySelector('input[type="search"]').value);
    return byId("conversations").querySelector('input[type="search"]').focus();
  }

  document.addEventListener("assistant:full", () => say(TEXTS.storage_full));
  document.addEventListener("click", ({ target }) => {
    if (target.closest?.("#conversations-button")) show();
  });
  window.assistantChat.backCloses = backCloses;
  window.assistantChat.conversations = {
    leave: () => byId("conversations").close(),
    start: () => tabs.start(),
    openConversation: ({ dataset: { id } }) => (id === tabs.current() ? byId("conversations").close() : tabs.open(id)),
    renameConversation: rename,
    deleteConversation: remove,
    exportConversation: ({ dataset: { id } }) => exportThese([id], "conversation.md"),
    exportAll: () => exportThese(tabs.list().map(({ id }) => id), "conversations.md"),
  };
})();
