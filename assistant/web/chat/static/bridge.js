// Runs once in the log's gr.HTML, and passes the requests of chat.js on to Gradio's events.
for (const name of ["submit", "retry", "edit", "undo", "like", "delete", "select"]) {
  element.addEventListener(`assistant:${name}`, (event) => trigger(name, event.detail));
}
