// <assistant-chat>: a launcher, and the chat in a frame that is created when it is first opened.
"use strict";

(() => {
  const NAME = "assistant-chat";
  const script = document.currentScript ?? document.querySelector('script[src*="/widget.js"]');
  const OPTIONS = "src heading placeholder greeting position theme accent open questions shortcut contact size logo icon".split(" ");
  const NARROW = matchMedia("(max-width: 600px)");
  /** @type {Record<string, string[]>} */
  const LANGUAGES = {}; // filled in by the server
  const PASSAGES = "widget/static/passages.js"; // with its version
  const PAGE = document.documentElement;
  const lang = PAGE.lang.slice(0, 2).toLowerCase();
  const [AWAY, CLOSE, EXPAND, HEADING] = LANGUAGES[lang] ?? LANGUAGES.en;

  const CHAT = "M21 11.5a8.5 8.5 0 0 1-12.6 7.4L3 21l2-5.1A8.5 8.5 0 1 1 21 11.5z";
  const CROSS = "M6 6l12 12M18 6L6 18";
  const ARROWS = "M14 4h6v6M10 20H4v-6M20 4l-7 7M4 20l7-7";

  const sheet = (text) => {
    const made = new CSSStyleSheet(); // unlike <style>, allowed by a page's strict policy
    made.replaceSync(text);
    return made;
  };

  const LOOKS = sheet(`
    :host { all: initial !important; color-scheme: light dark !important; display: block !important;
      font: 16px/1.5 system-ui, sans-serif !important; position: fixed !important; }
    button { all: unset; box-sizing: border-box; cursor: pointer; }
    :focus-visible { outline: 3px solid; outline-offset: -5px; }
    #launcher, dialog { bottom: 20px; inset-inline-end: 20px; position: fixed; z-index: 2147483000; }
    #launcher { --accent: light-dark(#0f766e, #5ccfc0); align-items: center; background: var(--accent);
      border-radius: 28px; box-shadow: 0 4px 16px #0004; color: oklch(from var(--accent) clamp(0, (.6 - l) * 1000, 1) 0 0);
      display: flex; font-weight: 600; gap: 8px; max-width: 280px; min-height: 56px; padding: 8px 20px; }
    span, h2 { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    svg { fill: none; flex: none; height: 24px; stroke: currentColor; stroke-width: 2; width: 24px; }
    dialog { animation: rise .18s; background: light-dark(#fff, #171514); border: 1px solid #8886; border-radius: 16px;
      bottom: 88px; box-shadow: 0 12px 48px #0005; box-sizing: border-box; color: light-dark(#1c1917, #efedea);
      flex-direction: column; height: min(var(--h, max(680px, 72dvh)), 100dvh - 108px); inset-inline-start: auto; margin: 0; max-height: none;
      max-width: none; overflow: hidden; padding: 0; top: auto; width: min(var(--w, 420px), 100vw - 40px); }
    dialog[open] { display: flex; }
    :host([position$=left]) :is(#launcher, dialog) { left: 20px; right: auto; }
    :host([position$=right]) :is(#launcher, dialog) { left: auto; right: 20px; }
    :host([position^=top]) :is(#launcher, dialog) { bottom: auto; top: 20px; }
    :host([position^=top]) dialog { top: 88px; }
    :host([size=large]) { --w: 640px; --h: 960px; }
    :host([expanded]) { --w: 960px; }
    img { border-radius: 4px; height: 28px; margin-inline-end: 8px; }
    #launcher img { margin: 0; }
    [aria-expanded=true] img, [aria-expanded=false] img:not([hidden]) + svg { display: none; }
    header { align-items: center; border-bottom: 1px solid #8886; display: flex; padding: 4px; padding-inline-start: 16px; }
    h2 { flex: 1; font-size: 1em; margin: 0; }
    header button { height: 44px; padding: 10px; width: 44px; }
    [aria-pressed=true] { background: #8883; border-radius: 12px; }
    iframe { border: 0; flex: 1; min-height: 0; width: 100%; }
    iframe:not(.ready) { opacity: 0; }
    p { margin: 16px; overflow-wrap: anywhere; white-space: pre-line; }
    p:empty { margin: 0; }
    @keyframes rise { from { opacity: 0; } }
    @media (max-width: 600px) {
      :host { flex: none !important; grid-column: 1/-1 !important; height: 56px !important; position: static !important; }
      #launcher { border-radius: 0; inset: auto 0 0 !important; justify-content: center; max-width: none; }
      dialog { border: 0; border-radius: 0; height: 100dvh !important; inset: 0 !important; width: 100vw; }
      #expand { display: none; }
    }
    @media (prefers-reduced-motion) { dialog { animation: none; } }
    @media (forced-colors) { #launcher { border: 1px solid; } }
    @media print { :host { display: none !important; } }`);
  const ROOM = sheet("@media (max-width: 600px) { html { scroll-padding-bottom: 64px; } }");

  /** @returns {any} */
  const element = (name, attributes, ...inside) => {
    const space = /svg|path/.test(name) ? "2000/svg" : "1999/xhtml";
    const made = document.createElementNS(`http://www.w3.org/${space}`, name);
    for (const key in attributes) made.setAttribute(key, attributes[key]);
    made.append(...inside);
    return made;
  };
  /** @returns {any} */
  const button = (id, d, attributes, ...inside) => {
    const icon = element("svg", { viewBox: "0 0 24 24", "aria-hidden": true }, element("path", { d }));
    return element("button", { id, type: "button", ...attributes }, icon, ...inside);
  };

  // whether most of five places of the page around are dark, by what is drawn there under the widget,
  // or else by the text on it; the style of the lens reads colours in every notation
  function isDark(widget, lens) {
    const look = (one, name) => {
      lens.style.color = `oklch(from ${getComputedStyle(one)[name]} l 0 0)`;
      /** @type {any} */
      const [light, , , alpha] = getComputedStyle(lens).color.match(/[\d.e-]+/g) ?? [1];
      return !(alpha < 0.5) && light;
    };
    const places = [0.1, 0.3, 0.5, 0.7, 0.9].map((at) =>
      [...document.elementsFromPoint(at * innerWidth, at * innerHeight), document.body, PAGE]
        .map((one) => one !== widget && look(one, "backgroundColor"))
        .find(Boolean) ?? 1 - look(PAGE, "color"));
    lens.style.color = "";
    return places.filter((light) => light < 0.5).length > 2;
  }

  class AssistantChat extends HTMLElement {
    static observedAttributes = [...OPTIONS, "expanded"];
    #root = this.attachShadow({ mode: "open" });
    #frame;
    #server; // the base address of everything
    #linked; // whether the frame holds the chat
    #ready; // whether it can be asked
    #question; // asked before it was ready
    #before; // the element that had the focus
    #timer;
    #theme;
    #watcher = new MutationObserver(() => this.#follow());
    #gone; // aborted when the element leaves the page
    #passages; // what shows a passage on the page
    #label = element("span");
    #pictures = { icon: element("img", { alt: "" }), logo: element("img", { alt: "" }) };
    #launcher = button("launcher", CHAT, { "aria-controls": "panel", "aria-expanded": false }, this.#label);
    #title = element("h2", { id: "title" });
    #expander = button("expand", ARROWS, { "aria-label": EXPAND });
    #closer = button("close", CROSS, { "aria-label": CLOSE });
    #word = element("p", { role: "status" });
    #panel = element("dialog", { id: "panel", "aria-labelledby": "title" },
      element("header", {}, this.#pictures.logo, this.#title, this.#expander, this.#closer), this.#word);

    constructor() {
      super();
      this.#root.adoptedStyleSheets = [LOOKS];
      this.#launcher.prepend(this.#pictures.icon);
      this.#root.append(this.#launcher, this.#panel);
      this.#expander.onclick = () => this.toggleAttribute("expanded");
      this.#launcher.onclick = () => (this.#panel.open ? this.close() : this.open());
      this.#closer.onclick = () => this.close();
      this.#panel.onclose = () => this.#closed();
      this.#root.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    }

    connectedCallback() {
      document.adoptedStyleSheets = [...new Set([...document.adoptedStyleSheets, ROOM])];
      this.#gone = new AbortController();
      const { signal } = this.#gone;
      addEventListener("message", this.#hear, { signal });
      addEventListener("keydown", this.#press, { signal });
      addEventListener("popstate", this.#back, { signal });
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", this.#follow, { signal });
      for (const one of document.querySelectorAll("html, body, body > :not(assistant-chat)")) {
        this.#watcher.observe(one, { attributes: true, childList: true });
      }
      this.#follow();
      if (this.hasAttribute("open") && !NARROW.matches) this.#begin();
    }

    disconnectedCallback() {
      this.#gone.abort();
      this.#watcher.disconnect();
      CSS.highlights?.delete(NAME);
      this.#unload();
      this.#panel.removeAttribute("open");
      this.#draw(false);
    }

    attributeChangedCallback(name, before, now) {
      if (!this.isConnected || before === now) return;
      if (name === "open") now === null ? this.close() : this.open();
      else if (name === "src") this.#frame && this.#load();
      else this.#configure();
    }

    open() {
      if (!this.isConnected || this.#panel.open) return;
      this.#before = document.activeElement;
      this.#begin(true);
    }

    close() {
      this.#panel.close();
      this.removeAttribute("open");
    }

    ask(question) {
      if (!texts(question) || !question.trim()) return;
      this.#question = question;
      this.open();
      this.#ask();
    }

    // once more when the page's colours have faded into others, or its scripts have drawn it
    #follow = () => {
      this.#configure();
      setTimeout(() => this.#configure(), 700);
    };

    #draw(isOpen) {
      this.#launcher.ariaExpanded = isOpen;
      this.#root.querySelector("path").setAttribute("d", isOpen ? CROSS : CHAT);
    }

    #begin(focus) {
      this.#configure();
      this.#draw(true);
      if (NARROW.matches) {
        this.#panel.showModal();
        history.pushState({ [NAME]: 1 }, ""); // the phone's Back button closes the panel
      } else if (focus) this.#panel.show();
      else this.#panel.setAttribute("open", "");
      this.setAttribute("open", "");
      if (this.#frame) this.#focus();
      else this.#load();
      this.#dispatch("open");
    }

    #closed() {
      if (this.#panel.open) return;
      this.#draw(false);
      if (!this.isConnected) return;
      if (history.state?.[NAME]) history.back();
      this.removeAttribute("open");
      if (!this.#ready) this.#unload();
      /** @type {any[]} */
      const nowhere = [document.body, this];
      const back = nowhere.includes(this.#before) ? this.#launcher : this.#before;
      if (nowhere.includes(document.activeElement)) back?.focus({ preventScroll: true });
      this.#dispatch("close");
    }

    #dispatch(name, detail) {
      this.dispatchEvent(new CustomEvent(`assistant-${name}`, { bubbles: true, composed: true, detail }));
    }

    #configure() {
      const chosen = Object.fromEntries(OPTIONS.map((name) => [name, this.getAttribute(name)]));
      const heading = chosen.heading || HEADING;
      chosen.theme = this.#theme = /^(light|dark)$/.test(chosen.theme) ? chosen.theme : isDark(this, this.#label) ? "dark" : "light";
      for (const one of [this.#launcher, this.#panel]) {
        one.style.colorScheme = chosen.theme;
        one.dir = getComputedStyle(PAGE).direction;
      }
      this.#label.textContent = this.#title.textContent = heading;
      this.#frame?.setAttribute("title", heading);
      this.#launcher.style.setProperty("--accent", CSS.supports("color", chosen.accent) ? chosen.accent : "");
      for (const name in this.#pictures) {
        const picture = this.#pictures[name];
        picture.hidden = !(picture.src = chosen[name] ?? "");
      }
      this.#expander.ariaPressed = this.hasAttribute("expanded");
      this.#post("configure", chosen);
    }

    #mount(path) {
      this.#unload();
      const source = this.getAttribute("src");
      this.#server = source ? new URL(source.replace(/\/*$/, "/"), location.href) : new URL(".", script.src);
      const src = new URL(path, this.#server);
      this.#frame = element("iframe", { allow: "clipboard-write", referrerpolicy: "no-referrer", src });
      this.#panel.append(this.#frame);
      this.#configure();
    }

    #unload() {
      clearTimeout(this.#timer);
      this.#frame?.remove();
      this.#frame = this.#linked = this.#ready = null;
      this.#word.textContent = "";
    }

    #load() {
      this.#mount(`widget?__theme=${this.#theme}&lang=${lang}`);
      this.#word.textContent = "…";
      // a refused or broken frame loads too, but sends no message
      this.#frame.onload = () => this.#linked || this.#later(() => this.#probe(""), 2000);
    }

    // Asks why there is no chat: any site may frame the probe, which reports whether it may show the chat.
    #probe(word) {
      this.#mount("widget/probe?origin=" + location.origin);
      this.#word.textContent = word;
      this.#frame.onload = () =>
        this.#later(() => {
          this.#word.textContent = AWAY;
          this.#later(() => this.#probe(AWAY), 2500);
        }, 1500);
    }

    #later(act, milliseconds) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(act, milliseconds);
    }

    #post(kind, values) {
      if (this.#linked) this.#frame.contentWindow.postMessage({ ...values, assistant: kind }, this.#server.origin);
    }

    #focus() {
      if (!this.#ready || !this.#root.activeElement) return;
      this.#frame.focus();
      this.#post("focus");
    }

    #ask() {
      if (!this.#ready || !this.#question) return;
      this.#post("ask", { question: this.#question });
      this.#question = "";
    }

    #back = () => this.#panel.open && NARROW.matches && this.close();

    #press = (event) => {
      if (!this.hasAttribute("shortcut") || !/^k$/i.test(event.key) || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      this.#launcher.click();
    };

    #hear = ({ source, origin, data }) => {
      if (!this.#frame || source !== this.#frame.contentWindow || origin !== this.#server.origin) return;
      const { assistant: kind, question, status, citations, quote, before, url, word } = Object(data);
      if (kind === "loaded") {
        this.#linked = true;
        this.#ready = false;
        this.#later(() => this.#probe(""), 60000);
        this.#configure();
        import(new URL(PASSAGES, this.#server).href).then((passages) => (this.#passages = passages), () => {});
      } else if (kind === "ready" && this.#linked) {
        clearTimeout(this.#timer);
        this.#ready = true;
        this.#word.textContent = "";
        this.#frame.className = "ready";
        this.#focus();
        this.#ask();
      } else if (kind === "close") {
        this.close();
      } else if (kind === "answer" && texts(question, status) && Array.isArray(citations)) {
        this.#dispatch("answer", { question, status, citations });
      } else if (kind === "passage" && texts(quote, before, url)) {
        this.#post("found", { found: !!this.#passages?.show(this, this.#panel, { quote, before, url }) });
      } else if (kind === "probe" && texts(word)) {
        if (!word) return this.#load(); // the failure was temporary
        console.warn(NAME, word);
        this.remove(); // visitors see nothing
      }
    };
  }

  const texts = (...all) => all.every((value) => typeof value === "string");

  if (!customElements.get(NAME)) customElements.define(NAME, AssistantChat);

  // The pasted script adds an element, unless the page has one.
  function add() {
    if (!script || document.querySelector(NAME)) return;
    const made = element(NAME, { src: new URL(".", script.src) });
    for (const name of OPTIONS) if (name in script.dataset) made.setAttribute(name, script.dataset[name]);
    document.body.append(made);
  }
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", add);
  else add();
})();
