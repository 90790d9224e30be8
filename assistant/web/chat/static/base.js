// What the chat's scripts share: the log, messages to the reader, the clipboard, and asking.
"use strict";

(() => {
  const byId = (id) => document.getElementById(id);
  const log = () => document.querySelector("#log .log");
  const box = () => document.querySelector("#question textarea");
  const onTop = () => [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;

  // ---- a short message to the reader, shown and read out ----

  let timer = 0;
  function say(text) {
    let toast = byId("toast");
    if (!toast) {
      toast = document.createElement("div");
      toast.id = "toast";
      toast.setAttribute("role", "status");
    }
    onTop().append(toast);
    toast.textContent = text;
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

  function element(name, attributes, ...inside) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...inside);
    return made;
  }

  window.assistantChat = { byId, log, box, say, copy, ask, save, element };
})();
