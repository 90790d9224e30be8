// What the chat's scripts share: the log, messages to the reader, the clipboard, and asking.
"use strict";

(() => {
  const byId = (id) => document.getElementById(id);
  const log = () => document.querySelector("#log .log");
  const box = () => document.querySelector("#question textarea");
  const onTop = () => [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;

  // ---- a short message to the reader, shown and read out ----

  const CONTROLS = "button, a, input, select, textarea, summary";
  const GAP = 8; // pixels

  // where an element is in the window, without what is scrolled out of the conversation
  function shownBox(element) {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const edge = element.closest("#log")?.getBoundingClientRect().top ?? top;
    return { left, right, top: Math.max(top, edge), bottom };
  }

  // the highest place at which a message covers no control, or else above the question box
  function freePlace(toast, around) {
    const { left, right, height } = toast.getBoundingClientRect();
    const isPage = around === document.body;
    const { top: start, bottom: end } = around.getBoundingClientRect();
    const lowest = (isPage ? box()?.getBoundingClientRect().top ?? end : end) - height - GAP;
    const controls = [...around.querySelectorAll(CONTROLS)].filter((one) => one.checkVisibility({ visibilityProperty: true }));
    const beside = controls.map(shownBox).filter((one) => one.left < right && left < one.right);
    let place = isPage ? 2 : start + GAP; // over the title of the page, where that is beside or above the buttons
    for (const { top, bottom } of beside.sort((one, other) => one.top - other.top)) {
      if (top < place + height && bottom > place) place = bottom + GAP;
    }
    return Math.min(place, lowest);
  }

  let timer = 0;
  function say(text) {
    let toast = byId("toast");
    if (!toast) {
      toast = document.createElement("div");
      toast.id = "toast";
      toast.setAttribute("role", "status");
    }
    const around = onTop();
    around.append(toast);
    toast.textContent = text;
    toast.style.top = `${freePlace(toast, around)}px`;
    toast.classList.add("shown");
    clearTimeout(timer);
    timer = setTimeout(() => toast.classList.remove("shown"), Math.max(2600, 60 * text.length));
  }

  // `html` is the same text for programs that take more than plain text
  async function copy(text, done, html = "") {
    const kinds = Object.entries({ "text/plain": text, "text/html": html }).filter(([, value]) => value);
    try {
      const blobs = kinds.map(([type, value]) => [type, new Blob([value], { type })]);
      await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
    } catch {
      copyByHand(text, kinds); // browsers offer the clipboard API on HTTPS and localhost only
    }
    say(done);
  }

  function copyByHand(text, kinds) {
    const area = document.createElement("textarea");
    const focused = document.activeElement;
    area.value = text;
    area.className = "unseen";
    onTop().append(area);
    area.select();
    const fill = (event) => {
      for (const [type, value] of kinds) event.clipboardData.setData(type, value);
      event.preventDefault();
    };
    document.addEventListener("copy", fill, { once: true });
    document.execCommand("copy");
    document.removeEventListener("copy", fill);
    area.remove();
    focused?.focus();
  }

  // trigger() of gr.HTML listens on the component's own element, the parent of the log
  function ask(name, detail) {
    log()?.parentElement.dispatchEvent(new CustomEvent(`assistant:${name}`, { detail }));
  }

  function save(text, name) {
    const address = URL.createObjectURL(new Blob([text], { type: "text/markdown" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  }

  // the name of a file, which the server has not seen, without what would disguise it
  const nameOf = ({ name }) => name.replace(/[\p{Cc}\u2028-\u202e\u2060-\u206f\ufff9-\ufffb]/gu, "\ufffd");

  function element(name, attributes, ...inside) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...inside);
    return made;
  }

  window.assistantChat = { byId, log, box, say, copy, ask, save, element, nameOf };
})();
