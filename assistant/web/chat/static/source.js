// The source pane, which is a sheet over the chat on a small screen.
//
// It is filled with fragments that the server has escaped (see sources.py).
"use strict";

(() => {
  const TEXTS = JSON.parse(document.currentScript.dataset.strings);
  const SHEET = window.matchMedia("(max-width: 899px)");
  const { byId, say, copy } = window.assistantChat;

  let opener = null; // the element that had the focus before a source was opened
  let citing = null; // the mark or link whose passage is shown
  let request = 0; // the number of the newest request: older responses are dropped

  // `focus` moves the focus to what is shown; without it, the pane only changes beside the reader
  async function show(address, { from = null, focus = false } = {}) {
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
    if (passage && focus && (await window.assistantChat.shownElsewhere?.(passage, citing))) {
      return say(TEXTS.shown_on_page);
    }
    if (number !== request) return;
    dress();
    window.assistantChat.pages.dress();
    if (focus) openSheet();
    body.scrollTop = 0;
    const target = passage ?? body.querySelector("h2") ?? body;
    reveal(passage);
    if (focus) target.focus({ preventScroll: true });
  }

  function reveal(passage) {
    if (!passage) return;
    const { top, height } = passage.getBoundingClientRect();
    scrollTo(byId("source-body"), { top, offsetHeight: height });
  }

  function scrollTo(body, { offsetHeight, top }) {
    const heads = [...body.querySelectorAll(".document :is(header, .search, .turning)")];
    const hidden = heads.find((one) => getComputedStyle(one).position === "sticky" && one.offsetHeight)?.offsetHeight ?? 0;
    const lead = hidden + Math.max(24, (body.clientHeight - hidden - offsetHeight) / 4);
    body.scrollTop = Math.max(0, body.scrollTop + top - body.getBoundingClientRect().top - lead);
  }

  // ---- the sheet ----

  function openSheet() {
    const sheet = byId("source-sheet");
    if (!SHEET.matches || sheet.open) return;
    sheet.append(byId("source-view"));
    sheet.showModal(); // keeps the focus inside, and closes on Escape
    window.assistantChat.backCloses?.(sheet);
  }

  function close() {
    const sheet = byId("source-sheet");
    if (sheet?.open) sheet.close();
    else returnFocus();
  }

  function returnFocus() {
    const back = opener?.isConnected ? opener : window.assistantChat.box();
    back?.focus();
    opener = null;
  }

  function settleSheet(sheet) {
    byId("source-pane").append(byId("source-view"));
    reveal(byId("passage")); // what moves forgets how far it was scrolled
    if (!sheet.dataset.resized) returnFocus();
    delete sheet.dataset.resized;
  }

  SHEET.addEventListener("change", () => {
    const sheet = byId("source-sheet");
    if (SHEET.matches) return;
    if (sheet?.open) {
      sheet.dataset.resized = "yes";
      sheet.close();
    } else if (!citing) {
      const last = [...document.querySelectorAll("#log .exchange")].at(-1);
      if (last) follow(last); // there is room for its source now
    }
  });

  // ---- the bar: all documents, and from one citation to the next ----

  // the passages of the same answer, each once
  function citations() {
    const seen = new Map();
    const links = citing?.closest(".exchange")?.querySelectorAll('[data-action="cite"]') ?? [];
    for (const link of links) {
      const { document: id, start, end } = link.dataset;
      const key = [id, start, end].join();
      if (!seen.has(key)) seen.set(key, link);
    }
    return seen;
  }

  function place() {
    const { document: id, start, end } = citing?.dataset ?? {};
    const all = citations();
    return { links: [...all.values()], at: [...all.keys()].indexOf([id, start, end].join()) };
  }

  function dress() {
    const { links, at } = place();
    const shown = byId("source-body").querySelector("#passage") && links.length > 1;
    byId("source-steps").hidden = !shown;
    byId("source-count").textContent = shown ? `${at + 1} / ${links.length}` : "";
    byId("source-back").hidden = !byId("source-body").querySelector(".document");
    for (const mark of document.querySelectorAll("#log [aria-current]")) {
      mark.removeAttribute("aria-current");
    }
    if (shown && at >= 0) links[at].setAttribute("aria-current", "true");
  }

  function step(by) {
    const { links, at } = place();
    if (!links.length) return;
    citing = links[(at + by + links.length) % links.length];
    show(address(citing.dataset)).then(() => byId("passage")?.scrollIntoView({ block: "nearest" }));
  }

  function address(data) {
    const query = new URLSearchParams({
      document: data.document,
      ...window.assistantChat.pages.query(data),
    });
    for (const key of ["start", "end", "part"]) if (data[key]) query.set(key, data[key]);
    return `source?${query}`;
  }

  function list(search, skip) {
    return show(`source?${new URLSearchParams({ search, skip })}`, { focus: true });
  }

  document.addEventListener("submit", (event) => {
    if (event.target.dataset?.form !== "find") return;
    event.preventDefault();
    list(event.target.elements.search.value, 0);
  });

  function permalink({ document: id, start, end }) {
    const url = new URL("./", window.document.baseURI);
    url.search = new URLSearchParams({ document: id, start, end }).toString();
    return url.href;
  }

  // ---- words that are searched in the document that is shown ----

  const FOUND = "assistant-found";
  const CURRENT = "assistant-current";
  let found = [];
  let current = -1;

  function visibleText(root) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const nodes = [];
    while (walker.nextNode()) {
      if (!walker.currentNode.parentNode.matches(".markup")) nodes.push(walker.currentNode);
    }
    return nodes;
  }

  function search(words) {
    const root = byId("source-body").querySelector(".text");
    found = [];
    current = -1;
    const wanted = words.trim().toLowerCase();
    if (root && wanted) {
      const nodes = visibleText(root);
      const all = nodes.map((node) => node.data.toLowerCase()).join("");
      for (let at = all.indexOf(wanted); at >= 0; at = all.indexOf(wanted, at + wanted.length)) {
        found.push(rangeAt(nodes, at, at + wanted.length));
      }
    }
    window.CSS.highlights?.set(FOUND, new window.Highlight(...found));
    walk(1);
  }

  function rangeAt(nodes, start, end) {
    const range = new Range();
    let before = 0;
    for (const node of nodes) {
      const after = before + node.data.length;
      if (start >= before && start < after) range.setStart(node, start - before);
      if (end > before && end <= after) {
        range.setEnd(node, end - before);
        break;
      }
      before = after;
    }
    return range;
  }

  function walk(by) {
    const count = byId("source-body").querySelector(".found");
    if (found.length) {
      current = (current + by + found.length) % found.length;
      window.CSS.highlights?.set(CURRENT, new window.Highlight(found[current]));
      const { top, height } = found[current].getBoundingClientRect();
      scrollTo(byId("source-body"), { top, offsetHeight: height });
    } else {
      window.CSS.highlights?.delete(CURRENT);
    }
    if (!count) return;
    const typed = byId("source-body").querySelector(".search input").value.trim();
    count.textContent = typed ? `${found.length ? current + 1 : 0} / ${found.length}` : "";
  }

  document.addEventListener("input", ({ target }) => {
    if (target.matches?.("#source-body .search input")) search(target.value);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches?.("#source-body .search input")) return;
    event.preventDefault();
    walk(event.shiftKey ? -1 : 1);
  });

  // ---- what the rest of the chat calls ----

  // in a page of its own, the chat shows the passage itself; in a frame, the page around has it
  const isFramed = () => document.documentElement.classList.contains("compact");
  const inside = (button) => byId("source-view")?.contains(button);
  const from = (button) => ({ from: inside(button) ? null : button, focus: true });
  const actions = {
    cite(button) {
      citing = button;
      return show(address(button.dataset), { from: button, focus: true });
    },
    read: (button) => show(address(button.dataset), from(button)),
    documents: (button) => show("source", from(button)),
    list: ({ dataset }) => list(dataset.search, dataset.skip),
    ...window.assistantChat.pages.actions,
    step: (button) => step(Number(button.dataset.by)),
    walk: (button) => walk(Number(button.dataset.by)),
    permalink: ({ dataset }) => copy((isFramed() && dataset.link) || permalink(dataset), TEXTS.link_copied),
    close,
  };

  // shows the first passage of a new answer beside it, where there is room; without one, no older one
  function follow(exchange) {
    const first = exchange.querySelector("button.mark");
    if (SHEET.matches || byId("source-pane")?.contains(document.activeElement)) return;
    const isCiting = citing !== null;
    citing = first;
    if (first) show(address(first.dataset));
    else if (isCiting) refresh();
  }

  const refresh = () => show("source");

  function open(query) {
    const sheet = byId("source-sheet");
    sheet?.addEventListener("close", () => settleSheet(sheet));
    sheet?.addEventListener("click", (event) => {
      if (event.target === sheet) sheet.close(); // the backdrop
    });
    const id = query.get("document");
    if (!id) return show("source");
    const data = { document: id, start: query.get("start"), end: query.get("end") };
    return show(address(data), { focus: true });
  }

  const { documents } = actions;
  window.assistantChat.source = { actions, address, close, documents, follow, open, refresh, show };
})();
