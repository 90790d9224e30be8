// Shows a cited passage on the page around the widget. It is loaded with the panel, when that is opened.

const NAME = "assistant-chat";
const NARROW = matchMedia("(max-width: 600px)");
const LOWEST = 420; // pixels in which the panel can show an answer
const CALM = matchMedia("(prefers-reduced-motion)");
const LOOKS = new CSSStyleSheet();
LOOKS.replaceSync(`::highlight(${NAME}) { background: #ffe08a; color: #1c1917; }`);

// The page's text is searched without white space, across elements.
const squeeze = (text) => text.replace(/[\s\u00ad\u200b\u2060\ufeff]+/g, "");

function find(quote, before) {
  const wanted = squeeze(quote);
  const lead = squeeze(before);
  const parts = [];
  let all = "";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    if (/^(script|style|noscript|textarea)$/i.test(node.parentNode.nodeName)) continue;
    parts.push([all.length, node]);
    all += squeeze(node.data);
  }
  /** @returns {[Node, number]} */
  const place = (index) => {
    const [start, node] = parts.findLast((part) => part[0] <= index);
    let left = index - start;
    let offset = 0;
    while (!squeeze(node.data[offset]) || left--) offset++;
    return [node, offset];
  };
  let best = null;
  let longest = -1;
  for (let index = all.indexOf(wanted); wanted && index >= 0; index = all.indexOf(wanted, index + 1)) {
    let same = 0; // among places with the same words, prefers the one with the same words before
    while (same < lead.length && all[index - 1 - same] === lead.at(-1 - same)) same++;
    const [last, end] = place(index + wanted.length - 1);
    const range = new Range();
    range.setStart(...place(index));
    range.setEnd(last, end + 1);
    if (same > longest && range.getClientRects().length) [best, longest] = [range, same];
  }
  return best;
}

function isHere(address) {
  const there = URL.parse(address);
  const path = (url) => url.host + url.pathname.replace(/\/$/, "");
  return [location.href, document.querySelector("link[rel=canonical]")?.href].some((page) => {
    const here = URL.parse(page);
    return there && here && path(here) === path(there) && ["", here.search].includes(there.search);
  });
}

function meet(one, other) {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}

// If the panel covers the passage, it becomes lower, or slides to the other side or back. It has
// its own height again for the next answer.
function makeRoom(widget, panel, range) {
  const isCovered = () => {
    const place = panel.getBoundingClientRect();
    return [...range.getClientRects()].some((line) => meet(line, place));
  };
  const settle = (styles = {}) =>
    Object.assign(panel.style, { bottom: "", height: "", left: "", right: "", top: "", ...styles });
  const cross = () => {
    const { left, right } = panel.getBoundingClientRect();
    const isLeft = left < innerWidth - right;
    settle(isLeft ? { left: "auto", right: "20px" } : { left: "20px", right: "auto" });
  };
  const room = innerHeight - range.getBoundingClientRect().bottom - 104;
  const lower = (height) => settle({ bottom: "88px", height, top: "auto" });
  const before = panel.getBoundingClientRect();
  const ways = [
    () => {},
    () => widget.removeAttribute("expanded"),
    settle,
    () => room >= LOWEST && lower(`${room}px`),
    cross,
    () => lower(room >= LOWEST ? `${room}px` : "45dvh"),
  ];
  ways.some((act) => {
    act();
    return !isCovered();
  });
  const { left, height } = panel.getBoundingClientRect();
  const start = { height: `${before.height}px`, transform: `translateX(${before.left - left}px)` };
  if (!CALM.matches && (before.left !== left || before.height !== height)) {
    panel.animate([start, { height: `${height}px`, transform: "none" }], { duration: 250, easing: "ease-out" });
  }
  panel.addEventListener("close", () => settle(), { once: true });
  widget.addEventListener("assistant-answer", () => panel.style.height && settle(), { once: true });
}

/** Highlights a quote where the page has it, and returns whether it does. */
export function show(widget, panel, { quote, before, url }) {
  const range = CSS.highlights && isHere(url) && find(quote, before);
  if (!range) return false;
  document.adoptedStyleSheets = [...new Set([...document.adoptedStyleSheets, LOOKS])];
  CSS.highlights.set(NAME, new Highlight(range));
  const scroll = () => {
    range.startContainer.parentElement.scrollIntoView({ block: "nearest", behavior: "instant" });
    scrollBy({ top: range.getBoundingClientRect().top - innerHeight / 4, behavior: "instant" });
  };
  if (NARROW.matches) {
    // the panel covers the page, and its closing goes back, where browsers scroll to where the page was
    addEventListener("popstate", () => setTimeout(scroll), { once: true });
    widget.close();
  }
  scroll();
  if (panel.open) makeRoom(widget, panel, range);
  return true;
}
