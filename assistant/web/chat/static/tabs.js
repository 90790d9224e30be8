// The conversations of this browser: one for each tab, and all in a list. It runs before Gradio.
//
// Nothing here is sent to the server. Each entry of the list has an id, a title, the questions (to
// search in), and the time of its last change; the conversation itself is stored below its id.
"use strict";

(() => {
  const KEY = "assistant.conversation"; // Gradio's own key: what it stores there is ignored
  const LIST = "assistant.conversations";
  const CURRENT = "assistant.current";
  const THEME = "assistant.theme";
  const store = window.localStorage;
  const get = store.getItem.bind(store);
  const set = store.setItem.bind(store);
  const remove = store.removeItem.bind(store);
  const isWritable = (key) => key !== KEY;

  // the substitute in a frame without storage is a plain object; a real one has a prototype
  const holder = Object.hasOwn(store, "setItem") ? store : window.Storage.prototype;
  const { getItem, setItem } = holder;
  holder.getItem = function (key) {
    return isWritable(key) ? getItem.call(this, key) : null;
  };
  holder.setItem = function (key, value) {
    if (isWritable(key)) setItem.call(this, key, value);
  };

  // the server answers every request of this page in the language of the page
  const language = document.documentElement.lang; // Gradio sets that of the browser later
  const { fetch } = window;
  window.fetch = (address, options = {}) => {
    const headers = new Headers(options.headers ?? (address instanceof Request ? address.headers : {}));
    headers.set("accept-language", language);
    return fetch(address, { ...options, headers });
  };

  const fresh = () => Date.now().toString(36) + Math.random().toString(36).slice(2, 8);
  const content = (id) => `${KEY}.${id}`;
  const owner = (id) => `assistant.owner.${id}`;
  const following = (id) => `assistant.following.${id}`; // the questions suggested below its answers
  const page = fresh(); // who writes: a copied tab has the same id, and must not write to it
  let current = "";

  function take(id) {
    current = id;
    window.sessionStorage.setItem(CURRENT, id);
    set(owner(id), page);
  }

  function list() {
    try {
      const entries = JSON.parse(get(LIST) ?? "[]");
      return entries.filter((entry) => typeof entry?.id === "string" && typeof entry.title === "string");
    } catch {
      return [];
    }
  }

  const write = (entries) => set(LIST, JSON.stringify(entries));
  const others = (id) => list().filter((entry) => entry.id !== id);

  function kept(id = current) {
    try {
      return JSON.parse(get(content(id)) ?? "{}");
    } catch {
      return {};
    }
  }

  function suggested() {
    try {
      const entries = JSON.parse(get(following(current)) ?? "[]");
      return entries.filter(([asked, questions]) => typeof asked === "string" && Array.isArray(questions));
    } catch {
      return [];
    }
  }

  function suggest(entries) {
    try {
      set(following(current), JSON.stringify(entries));
    } catch {
      // without room, they are asked for again after a reload
    }
  }

  function keep(conversation) {
    if (typeof conversation?.signed !== "string") return; // before anything was read, it is empty
    if (get(owner(current)) !== page) take(fresh()); // another tab goes on with this one
    try {
      set(content(current), JSON.stringify(conversation));
    } catch {
      document.dispatchEvent(new CustomEvent("assistant:full"));
    }
    document.dispatchEvent(new CustomEvent("assistant:kept"));
  }

  // an entry stands in the list while its conversation has a question
  function note(questions) {
    if (!questions.length) return write(others(current));
    const before = list().find(({ id }) => id === current);
    const text = questions.join("\n").slice(0, 4000);
    if (before?.text === text) return undefined;
    const title = before?.named ? before.title : questions[0].slice(0, 120);
    const entry = { id: current, title, named: before?.named ?? false, text, changed: Date.now() };
    return write([entry, ...others(current)]);
  }

  function open(id) {
    take(id);
    window.location.reload();
  }

  function forget(id) {
    write(others(id));
    remove(content(id));
    remove(owner(id));
    remove(following(id));
  }

  const rename = (id, title) =>
    write(list().map((entry) => (entry.id === id ? { ...entry, title, named: true } : entry)));

  // ---- light, dark, or as the system has it ----

  const DARK = window.matchMedia("(prefers-color-scheme: dark)");
  const theme = () => get(THEME) ?? "auto";
  function shade() {
    const dark = theme() === "auto" ? DARK.matches : theme() === "dark";
    document.body?.classList.toggle("dark", dark);
  }
  function choose(wanted) {
    if (wanted === "auto") remove(THEME);
    else set(THEME, wanted);
    shade();
  }
  DARK.addEventListener("change", shade);

  // conversations that were cleared, or never had a question
  function tidy() {
    const known = new Set([current, ...list().map(({ id }) => id)]);
    for (const key of Object.keys(store)) {
      if (key.startsWith(`${KEY}.`) && !known.has(key.slice(KEY.length + 1))) forget(key.slice(KEY.length + 1));
    }
  }

  take(window.sessionStorage.getItem(CURRENT) ?? fresh());
  tidy();
  window.assistantTabs = {
    kept, keep, note, list, open, rename, forget, theme, choose, shade,
    language, suggested, suggest,
    current: () => current,
    start: () => open(fresh()),
  };
})();
