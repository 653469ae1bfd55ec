// Searching, with a list of what is found, and filters.

const query = at("query"), hits = at("hits");
let marked = -1; // which hit Enter opens

// search lists what is found; again, when the picture changed, with the same hit marked.
function search(again = false) {
  const kept = again ? hits.children[marked]?.dataset.to : undefined;
  model.query = query.value;
  const text = query.value.trim(), most = 12;
  const found = text ? model.found(text).slice(0, most) : [];
  hits.replaceChildren(...found.map((object, i) => {
    const item = document.createElement("li"), small = document.createElement("small");
    item.id = "hit-" + i;
    item.setAttribute("role", "option");
    item.dataset.to = object.key;
    item.textContent = object.name;
    small.textContent = [words[object.kind], object.group, object.state, object.about].filter(Boolean).join(" · ");
    item.append(small);
    return item;
  }));
  if (text && !found.length) {
    const none = document.createElement("li");
    none.className = "none";
    none.setAttribute("role", "option");
    none.setAttribute("aria-disabled", "true");
    none.textContent = words.noneFound;
    hits.append(none);
  }
  mark(found.length ? Math.max(0, found.findIndex((object) => object.key === kept)) : -1);
  unfold(Boolean(text) && document.activeElement === query);
  picture.light();
}

function unfold(open) {
  hits.hidden = !open;
  query.setAttribute("aria-expanded", String(open));
  if (!open) query.removeAttribute("aria-activedescendant");
}

function mark(i) {
  marked = i;
  [...hits.children].forEach((item, k) => item.setAttribute("aria-selected", String(k === i)));
  const item = hits.children[i];
  if (!item) return query.removeAttribute("aria-activedescendant");
  query.setAttribute("aria-activedescendant", item.id);
  item.scrollIntoView({ block: "nearest" });
}

function go(item) {
  if (!item?.dataset.to) return;
  unfold(false);
  panel.open(item.dataset.to, { reveal: true });
}

query.addEventListener("input", () => { panel.close(); search(); });
query.addEventListener("focus", () => search());
query.addEventListener("blur", () => unfold(false));
query.addEventListener("keydown", (event) => {
  if (event.isComposing) return; // Enter and Esc are for what is being composed
  const count = hits.querySelectorAll("[data-to]").length;
  if (event.key === "ArrowDown" && count) mark((marked + 1) % count);
  else if (event.key === "ArrowUp" && count) mark((marked + count - 1) % count);
  else if (event.key === "Enter") go(hits.children[marked]);
  else if (event.key === "Escape") {
    query.value = "";
    search();
    view.map.focus({ preventScroll: true });
  } else return;
  event.preventDefault();
  event.stopPropagation();
});
hits.addEventListener("pointerdown", (event) => { event.preventDefault(); }); // the input keeps the focus
hits.addEventListener("click", (event) => go(event.target.closest("li")));

// fold opens and closes a card by its button, and with Esc or a press elsewhere.
function fold(button, card) {
  const set = (open) => {
    card.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
  };
  button.addEventListener("click", () => set(card.hidden));
  addEventListener("pointerdown", (event) => {
    if (!card.contains(event.target) && !button.contains(event.target)) set(false);
  });
  return {
    // leave closes it, and tells that it was open.
    leave() {
      if (card.hidden) return false;
      const within = card.contains(document.activeElement);
      set(false);
      if (within) button.focus();
      return true;
    },
    toggle: () => set(card.hidden),
  };
}
const filterCard = fold(at("filter"), at("filters"));
const helpCard = fold(at("help"), at("keys"));

const offered = {}; // by filter, as JSON

// offer lists what can be chosen, and keeps the choice where it is still there. A list
// that says the same may be open, and stays so.
function offer(id, choices) {
  const text = JSON.stringify(choices);
  if (offered[id] === text) return;
  offered[id] = text;
  const select = at(id), any = select.options[0];
  select.replaceChildren(any, ...choices.map(([value, text]) => new Option(text, value)));
  select.value = choices.some(([value]) => value === model.filters[id]) ? model.filters[id] : "";
  model.filters[id] = select.value;
}

function offerFilters() {
  const objects = model.state.objects;
  const groups = [...new Set(objects.map((o) => o.group).filter(Boolean))].sort((a, b) => a.localeCompare(b, data.lang, { numeric: true }));
  const states = [...new Set(objects.map((o) => o.state).filter(Boolean))].sort();
  const projects = groups.map((group) => ["=" + group, group]);
  if (groups.length && objects.some((o) => !o.group)) projects.push(["none", words.noProject]);
  offer("project", projects);
  offer("network", objects.filter((o) => o.kind !== "container").map((o) => [o.key, o.name]));
  offer("state", states.map((state) => [state, state]));
  at("filter").toggleAttribute("data-on", model.filtering());
}

at("filters").addEventListener("submit", (event) => event.preventDefault());
at("filters").addEventListener("change", (event) => {
  model.filters[event.target.id] = event.target.value;
  at("filter").toggleAttribute("data-on", model.filtering());
  picture.light();
});
at("filters").addEventListener("reset", () => {
  model.filters = { project: "", network: "", state: "" };
  at("filter").removeAttribute("data-on");
  picture.light();
});
