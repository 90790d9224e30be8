// Runs once in the log's gr.HTML: hands what chat.js asks for on to Gradio's events.
for (const name of ["submit", "retry", "edit", "undo", "like", "delete", "select"]) {
  element.addEventListener(`assistant:${name}`, (event) => trigger(name, event.detail));
}
