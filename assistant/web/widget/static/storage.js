// A substitute for storage that the browser blocks in frames of other sites. Gradio, which stores
// the conversation, does not handle the error. The conversation then lasts as long as the frame: the
// name of a window survives a reload, which the chat does by itself after the server was away.
"use strict";

try {
  window.localStorage.getItem("");
} catch {
  const kept = new Map();
  try {
    for (const [key, value] of Object.entries(JSON.parse(window.name))) kept.set(key, String(value));
  } catch {
    // a new frame has no such name
  }
  const keep = () => {
    window.name = JSON.stringify(Object.fromEntries(kept));
  };
  const storage = {
    getItem: (key) => kept.get(String(key)) ?? null,
    setItem(key, value) {
      kept.set(String(key), String(value));
      keep();
    },
    removeItem(key) {
      kept.delete(String(key));
      keep();
    },
    clear() {
      kept.clear();
      keep();
    },
  };
  for (const name of ["localStorage", "sessionStorage"]) {
    Object.defineProperty(window, name, { value: storage });
  }
}
