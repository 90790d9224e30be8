// The pages of a document as they are printed, in the source pane: the choice between them and the
// text, which holds for the documents that are shown next, and how large they are.
"use strict";

(() => {
  const { byId } = window.assistantChat;
  const ZOOMS = [50, 75, 100, 125, 150, 200, 300];
  let view = "text";
  let zoom = 0; // percent of the printed size; 0 for the width of the pane

  const sheets = () => [...byId("source-body").querySelectorAll("svg.sheet")];

  // what the address of a document needs beside the passage
  function query(data) {
    const shown = data.view ?? view;
    if (shown !== "page") return {};
    return data.page ? { view: shown, page: data.page } : { view: shown };
  }

  function dress() {
    for (const sheet of sheets()) {
      sheet.style.width = zoom ? `${(sheet.dataset.width * zoom) / 100}px` : "100%";
    }
    for (const button of byId("source-body").querySelectorAll("[data-action='zoom'][data-to]")) {
      button.setAttribute("aria-pressed", String(Number(button.dataset.to) === zoom));
    }
  }

  function step(by) {
    const [first] = sheets();
    if (!first) return zoom;
    const now = (100 * first.getBoundingClientRect().width) / first.dataset.width;
    const others = by > 0 ? ZOOMS.filter((one) => one > now + 1) : ZOOMS.filter((one) => one < now - 1).reverse();
    return others[0] ?? zoom;
  }

  // shows a page or the text, and keeps the focus on the button that was used
  async function open({ dataset }) {
    const { show, address } = window.assistantChat.source;
    const { action, view: wanted, page } = dataset;
    const shown = sheets()[0];
    const by = page && shown ? Math.sign(page - shown.dataset.page) : 0;
    if (action === "view") view = wanted;
    await show(address(dataset));
    const buttons = [...byId("source-body").querySelectorAll(`[data-action="${action}"]`)];
    const same = action === "view" ? buttons.find((one) => one.dataset.view === wanted) : buttons[by > 0 ? 1 : 0];
    (same?.disabled ? byId("source-body").querySelector("h2") : same)?.focus({ preventScroll: true });
  }

  const actions = {
    view: open,
    turn: open,
    zoom({ dataset }) {
      zoom = dataset.to ? Number(dataset.to) : step(Number(dataset.by));
      dress();
      byId("passage")?.scrollIntoView({ block: "center", inline: "nearest" });
    },
  };
  window.assistantChat.pages = { actions, dress, query };
})();
