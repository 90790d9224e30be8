"use strict";

// Shows the cases that match the filters. Without this script all cases are shown.
const filters = document.getElementById("filters");
const cases = Array.from(document.querySelectorAll("#cases > .case"));
const count = document.getElementById("count");

function shown(one, outcome, tag, words) {
  const failed = one.classList.contains("failed");
  if (outcome === "failed" && !failed) return false;
  if (outcome === "passed" && failed) return false;
  if (outcome && outcome !== "failed" && outcome !== "passed" && one.dataset.stage !== outcome) return false;
  if (tag && !one.dataset.tags.split(" ").includes(tag)) return false;
  return !words || one.textContent.toLowerCase().includes(words);
}

function filter() {
  const outcome = filters.elements.outcome.value;
  const tag = filters.elements.tag ? filters.elements.tag.value : "";
  const words = filters.elements.words.value.trim().toLowerCase();
  let visible = 0;
  for (const one of cases) {
    one.hidden = !shown(one, outcome, tag, words);
    if (!one.hidden) visible += 1;
  }
  count.textContent = visible + " of " + cases.length;
}

filters.hidden = false;
filters.addEventListener("input", filter);
filters.addEventListener("submit", (event) => event.preventDefault());
filter();
