// Tells the page around this frame why it may not show the chat; nothing when it may.
"use strict";

(() => {
  const { allowed, off } = document.currentScript.dataset;
  const site = new URLSearchParams(window.location.search).get("origin") ?? "";
  const origins = [window.location.href, ...JSON.parse(allowed)].map((one) => new URL(one).origin);
  const server = new URL(document.currentScript.src.replace(/widget\/static\/.*/, "")).href;
  let word = "";
  if (off) {
    word = "This assistant asks for a password, so it cannot be used on other pages.";
  } else if (site === "null") {
    word = "This page has no address of its own, so it cannot be allowed to show the assistant.";
  } else if (!origins.includes(site)) {
    word =
      `${site} may not show this assistant yet.\n\nWho runs ${server} allows it with the setting ` +
      `ASSISTANT_ALLOWED_ORIGINS=${site} and a restart.`;
  }
  window.parent.postMessage({ assistant: "probe", word }, "*"); // no secret
})();
