// The demo page puts what is chosen into the widget's attributes and into the line to paste.
"use strict";

(() => {
  const { strings, version } = document.currentScript.dataset;
  const texts = JSON.parse(strings);
  /** @type {any} */
  const form = document.getElementById("choices");
  const server = new URL("..", window.location.href).href;
  const accent = form.elements.accent.value; // the widget's own, which counts as not chosen

  function chosen() {
    /** @type {any} */
    const values = Object.fromEntries(new FormData(form));
    values.accent = values.accent === accent ? "" : values.accent;
    const questions = values.questions.split(/[\n|]/).map((question) => question.trim());
    values.questions = questions.filter(Boolean).join(" | ");
    values.open = form.elements.open.checked ? "open" : "";
    return Object.entries(values).filter(([, value]) => value);
  }

  const escaped = (text) =>
    text.replace(/[&"<>]/g, (sign) => ({ "&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;" })[sign]);

  function show() {
    const widget = document.querySelector("assistant-chat");
    const attributes = chosen();
    for (const name of ["heading", "placeholder", "greeting", "questions", "position", "theme", "accent"]) {
      const value = attributes.find(([key]) => key === name)?.[1];
      if (value) widget?.setAttribute(name, value);
      else widget?.removeAttribute(name);
    }
    const data = attributes.map(([name, value]) =>
      name === "open" ? " data-open" : ` data-${name}="${escaped(value)}"`,
    );
    const line = `<script async src="${server}widget.js?v=${version}"${data.join("")}></script>`;
    document.getElementById("snippet").textContent = line;
  }

  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.elements.open.addEventListener("change", ({ target }) => {
    document.querySelector("assistant-chat")?.toggleAttribute("open", target.checked);
  });

  document.getElementById("copy").addEventListener("click", async () => {
    const snippet = document.getElementById("snippet");
    const status = document.getElementById("copied");
    try {
      await navigator.clipboard.writeText(snippet.textContent);
      status.textContent = texts.copied;
    } catch {
      window.getSelection().selectAllChildren(snippet); // browsers offer the clipboard on HTTPS and localhost only
      status.textContent = texts.selected;
    }
  });

  for (const name of ["open", "close", "answer"]) {
    document.addEventListener(`assistant-${name}`, ({ detail }) => {
      const item = document.createElement("li");
      item.textContent = `assistant-${name}`;
      if (detail) {
        const values = { ...detail, count: detail.citations.length };
        item.textContent += `: ${texts.answer_event.replace(/\{(\w+)\}/g, (_, name) => values[name])}`;
      }
      document.getElementById("events").append(item);
    });
  }

  if (window.matchMedia("(max-width: 899px)").matches) document.getElementById("knobs").removeAttribute("open");
  show();
})();
