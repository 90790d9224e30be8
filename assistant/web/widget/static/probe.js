// Tells the page around this frame why it may not show the chat, or nothing if it may.
"use strict";

(() => {
  const { allowed, off, strings } = document.currentScript.dataset;
  const site = new URLSearchParams(window.location.search).get("origin") ?? "";
  const origins = [window.location.href, ...JSON.parse(allowed)].map((url) => new URL(url).origin);
  const server = new URL(document.currentScript.src.replace(/widget\/static\/.*/, "")).href;
  const texts = JSON.parse(strings);
  let word = ""; // empty if the site may show the chat
  if (off) {
    word = texts.needs_password;
  } else if (site === "null") {
    word = texts.no_origin;
  } else if (!origins.includes(site)) {
    const values = { site, server };
    word = texts.not_allowed.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }
  window.parent.postMessage({ assistant: "probe", word }, "*"); // contains no secret
})();
