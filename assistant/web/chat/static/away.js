// What the page does when the server goes away: it says so, keeps the question, and asks again.
"use strict";

(() => {
  const TEXTS = JSON.parse(document.currentScript.dataset.strings);
  const { byId, element, ask, box } = window.assistantChat;
  const ASKING = "assistant.asking"; // the question whose answer was cut off
  const STEP = 400; // milliseconds from one look at the server to the next
  const GRACE = 8; // looks in which a server that was frozen may go on by itself
  const PATIENCE = 800; // milliseconds in which a server that is up answers a look
  const UNREACHABLE = [502, 503, 504]; // from a proxy in front of the server
  let question = ""; // on its way, or being answered
  let isPending = false; // whether it is being answered
  let until = 0; // the time until which a question is expected in the conversation
  let isLooking = false;
  let isFrozen = false; // the server takes connections, but does not answer
  let before = ""; // the last exchange when the server went away
  let leaving = false; // the page is being left, which cuts requests off as well

  async function isUp() {
    try {
      const signal = AbortSignal.timeout(PATIENCE);
      return !UNREACHABLE.includes((await fetch("healthz", { cache: "no-store", signal })).status);
    } catch (error) {
      isFrozen = error.name === "TimeoutError"; // otherwise the connection was refused
      return false;
    }
  }

  const again = () => (isFrozen ? isUp() : pause().then(isUp));
  const pause = () => new Promise((resolve) => setTimeout(resolve, STEP));

  async function look() {
    if (isLooking) return;
    isLooking = true;
    while (isPending || Date.now() < until) {
      const isGone = !(await isUp()) && !(await again()); // once is not enough
      if (isGone && (isPending || Date.now() < until)) return wait();
      await pause();
    }
    isLooking = false;
    question = "";
  }

  async function wait() {
    isLooking = false;
    if (leaving || waiting()) return;
    if (question) window.sessionStorage.setItem(ASKING, question);
    const banner = element("div", { id: "away", role: "alert" }, question ? TEXTS.away_asking : TEXTS.server_away);
    if (question && !isPending) banner.append(element("blockquote", { dir: "auto" }, question)); // not drawn yet
    document.body.append(banner);
    before = drawn();
    while (!(await isUp())) await pause();
    for (let looks = isFrozen ? GRACE : 0; looks && waiting(); looks--) await pause();
    if (waiting()) window.location.reload();
  }

  // a server that was frozen goes on with what it was asked
  function goOn() {
    byId("away").remove();
    window.sessionStorage.removeItem(ASKING);
  }

  for (const event of ["beforeunload", "pagehide"]) {
    window.addEventListener(event, () => {
      leaving = true;
      setTimeout(() => (leaving = false), 3000); // it was kept after all, or only a mail began
    });
  }

  const drawn = () => [...document.querySelectorAll("#log .exchange")].at(-1)?.outerHTML ?? "";
  const waiting = () => byId("away") !== null;

  // a question was sent: it is expected in the conversation within seconds
  function sent(asked) {
    if (!asked || waiting()) return;
    question = asked;
    until = Date.now() + 4000;
    look();
  }

  document.addEventListener("assistant:changed", ({ detail }) => {
    if (waiting() && (!isFrozen || drawn() === before)) return;
    if (waiting()) goOn();
    const wasPending = isPending;
    isPending = detail?.dataset.state === "pending";
    if (isPending) {
      question = detail.querySelector(".asked").textContent;
      look();
    } else if (wasPending) {
      question = "";
      until = 0;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && event.target === box()) sent(box().value.trim());
  });
  document.addEventListener("click", (event) => event.target.closest?.("#send") && sent(box().value.trim()));

  // after a reload: asks what was cut off, where it stands or as a new question
  function resume() {
    const asked = window.sessionStorage.getItem(ASKING);
    window.sessionStorage.removeItem(ASKING);
    if (!asked) return;
    const typed = box();
    if (typed?.value.trim() === asked) {
      typed.value = "";
      typed.dispatchEvent(new Event("input", { bubbles: true }));
    }
    const exchanges = [...document.querySelectorAll("#log .exchange")];
    const index = exchanges.findLastIndex((one) => one.querySelector(".asked").textContent === asked);
    if (index < 0) ask("submit", { question: asked });
    else if (exchanges[index].dataset.state !== "answered") ask("retry", { again: true, index });
  }

  window.assistantChat.sent = sent;
  window.assistantChat.resume = resume;
})();
