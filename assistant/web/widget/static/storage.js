// Where the browser blocks storage in frames of other sites, the conversation lives as long as the
// frame: Gradio, which keeps it in the storage, does not expect to be refused. The name of a window
// outlasts a reload, which the chat does by itself when the server was away.
"use strict";

try {
  window.localStorage.getItem("");
} catch {
  const kept = new Map();
  try {
    for (const [key, value] of Object.entries(JSON.parse(window.name))) kept.set(key, String(value));
  } catch {
    // a frame that is new has no such name
  }
  const keep = () => {
    window.name = JSON.stringify(Object.fromEntries(kept));
  };
  const storage = {
    getItem: (key) => kept.get(String(key)) ?? null,
    setItem: (key, value) => keep(kept.set(String(key), String(value))),
    removeItem: (key) => keep(kept.delete(String(key))),
    clear: () => keep(kept.clear()),
  };
  for (const name of ["localStorage", "sessionStorage"]) {
    Object.defineProperty(window, name, { value: storage });
  }
}
