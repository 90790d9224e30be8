// The demo page: what is chosen goes to the widget as attributes, and into the line to paste.
"use strict";

(() => {
  const form = document.getElementById("choices");
  const server = new URL("..", window.location.href).href;
  const accent = form.elements.accent.value; // the widget's own; not chosen unless changed

  function chosen() {
    const values = Object.fromEntries(new FormData(form));
    values.accent = values.accent === accent ? "" : values.accent;
    const questions = values.questions.split(/[\n|]/).map((question) => question.trim());
    values.questions = questions.filter(Boolean).join(" | ");
    values.open = form.elements.open.checked ? "open" : "";
    return Object.entries(values).filter(([, value]) => value);
  }

  const escaped = (text) =>
    text.replace(/[&"<>]/g, (one) => ({ "&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;" })[one]);

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
    const line = `<script async src="${server}widget.js"${data.join("")}></script>`;
    document.getElementById("snippet").textContent = line;
  }

  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.elements.open.addEventListener("change", ({ target }) => {
    document.querySelector("assistant-chat")?.toggleAttribute("open", target.checked);
  });

  document.getElementById("copy").addEventListener("click", async () => {
    const snippet = document.getElementById("snippet");
    const said = document.getElementById("copied");
    try {
      await navigator.clipboard.writeText(snippet.textContent);
      said.textContent = "Copied";
    } catch {
      window.getSelection().selectAllChildren(snippet); // the clipboard is for https and localhost
      said.textContent = "Selected: copy it with the keyboard";
    }
  });

  for (const name of ["open", "close", "answer"]) {
    document.addEventListener(`assistant-${name}`, ({ detail }) => {
      const item = document.createElement("li");
      item.textContent = `assistant-${name}`;
      if (detail) item.textContent += `: “${detail.question}”, ${detail.status}, ${detail.citations.length} cited`;
      document.getElementById("events").append(item);
    });
  }

  if (window.matchMedia("(max-width: 899px)").matches) document.getElementById("knobs").open = false;
  show();
})();
