// The picture: its objects can be reached and pressed, those that do not matter now
// stand back, and a new picture takes the place of the old one so that the eye follows.

const picture = {
  get svg() { return view.box.querySelector(":scope > svg"); },

  // prepare makes buttons of the objects in a picture that has just come.
  prepare(svg) {
    svg.setAttribute("role", "group");
    svg.setAttribute("aria-label", words.map);
    svg.removeAttribute("aria-labelledby");
    svg.setAttribute("width", svg.viewBox.baseVal.width);
    svg.setAttribute("height", svg.viewBox.baseVal.height);
    for (const title of svg.querySelectorAll(":scope > title")) title.remove(); // a tip that is everywhere
    for (const inner of svg.querySelectorAll("[data-owner]")) this.lift(inner);
    for (const element of this.keyed(svg)) {
      const object = model.get(element.dataset.key);
      if (!object || !element.matches("g.container, g.network, g.gone, g.mode")) continue;
      element.setAttribute("role", "button");
      element.setAttribute("tabindex", "0");
      element.setAttribute("aria-label", this.label(object, element));
      element.setAttribute("aria-pressed", String(object.key === model.chosen));
      this.badge(object, element);
    }
  },

  // badge marks what the doctor found something about, where the picture does not say
  // itself what is wrong.
  badge(object, element) {
    const box = element.querySelector(":scope > rect");
    if (!object.mark || !box || element.matches(".troubled")) return;
    const make = (name, attributes) => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
      return made;
    };
    const edge = ["x", "width"].reduce((sum, name) => sum + Number(box.getAttribute(name)), 0);
    const badge = make("g", { class: `badge is-${object.mark}`, transform: `translate(${edge - 4} ${Number(box.getAttribute("y")) + 4})`, "aria-hidden": "true" });
    const title = make("title", {});
    title.textContent = words.findings;
    badge.append(title, make("circle", { r: "9" }), make("path", { d: "M0-5V1M0 4.4V4.5" }));
    element.append(badge);
  },

  // lift takes what stands in another object out of it, to the same place: a button
  // within a button is none to many.
  lift(inner) {
    const owner = inner.parentElement.closest("[data-key]");
    if (!owner) return;
    const outer = this.place(owner), own = this.place(inner);
    inner.setAttribute("transform", `translate(${outer.x + own.x} ${outer.y + own.y})`);
    owner.after(inner);
  },

  keyed(root) { return root.querySelectorAll("[data-key]"); },

  // label begins with what can be seen, so that who speaks to the page can say that.
  label(object, element) {
    const seen = [...element.querySelectorAll(":scope > text")].map((text) => {
      text.after(" "); // which keeps lines apart for who reads them as one text
      return text.textContent;
    });
    const parts = [seen.join(" ") || object.name, words[object.kind]];
    if (object.state) parts.push(object.state);
    if (object.mark) parts.push(words.findings);
    const networks = (object.networks ?? []).map((key) => model.get(key)?.name).filter(Boolean);
    if (networks.length) parts.push(`${words.onNetworks}: ${networks.join(", ")}`);
    return parts.join(", ");
  },

  button(key) { return this.svg?.querySelector(`[role="button"][data-key="${CSS.escape(key)}"]`); },

  // light lets what is not meant stand back.
  light() {
    const lit = model.lit();
    const reached = (to) => !lit || !model.byKey.has(to) || lit.has(to);
    const origins = new Set([...this.svg.querySelectorAll(".way[data-to]")].filter((way) => reached(way.dataset.to)).map((way) => way.dataset.from));
    let shown = 0;
    for (const element of this.keyed(this.svg)) {
      const { key, from, to } = element.dataset;
      const trunk = from && !to; // of several ways
      const on = trunk ? origins.has(from) : from ? reached(from) && reached(to) : reached(key);
      element.classList.toggle("off", !on);
      if (element.getAttribute("role") === "button") {
        element.classList.toggle("chosen", key === model.chosen);
        element.setAttribute("aria-pressed", String(key === model.chosen));
      }
    }
    for (const object of model.state.objects) if (!lit || lit.has(object.key)) shown++;
    at("count").textContent = lit && !model.chosen ? words.found.replace("#", shown).replace("%", model.state.objects.length) : "";
  },

  // place is where an element is, by its own attribute.
  place(element) {
    const [, x, y] = /^translate\((-?[\d.]+)[ ,]+(-?[\d.]+)\)$/.exec(element.getAttribute("transform") ?? "") ?? [];
    return { element, x: Number(x ?? 0), y: Number(y ?? 0), shape: element.querySelector(":scope > path")?.getAttribute("d") };
  },

  // name is by what an element is found in another picture.
  name(element) { return element.dataset.key ?? element.localName + element.getAttribute("class"); },

  // replace shows another picture. What looks the same stays in the page, so that the
  // browser has no more to do than what changed asks for.
  replace(text) {
    const fresh = document.importNode(new DOMParser().parseFromString(text, "image/svg+xml").documentElement, true);
    if (fresh.localName !== "svg") return;
    const svg = this.svg, focus = document.activeElement?.closest?.("#picture [role=button]")?.dataset.key;
    this.prepare(fresh);
    const before = new Map([...svg.children].map((element) => [this.name(element), this.place(element)]));
    const after = [...fresh.children].map((element) => this.settle(element, before));
    for (const name of ["viewBox", "width", "height"]) svg.setAttribute(name, fresh.getAttribute(name));
    const stays = new Set(after.map((now) => now.element));
    const gone = [...svg.children].filter((element) => !stays.has(element));
    for (const element of gone) element.remove();
    let next = null;
    for (const { element } of after.toReversed()) {
      if (element.parentNode !== svg || element.nextElementSibling !== next) svg.insertBefore(element, next);
      next = element;
    }
    this.light();
    if (focus && !document.activeElement.closest("#picture")) (this.button(focus) ?? view.map).focus({ preventScroll: true });
    this.animate(after, gone.filter((element) => element.dataset.key && !after.some((now) => now.key === element.dataset.key)));
    if (!view.moved) view.fit(view.readable, true);
  },

  // settle gives the element that is to be shown: the old one, moved, if it looks the
  // same, or else the new one; and what was there before.
  settle(element, before) {
    const key = this.name(element);
    const then = before.get(key), now = this.place(element);
    if (!then) return { key, element, now };
    const old = then.element, transform = element.getAttribute("transform"), was = old.getAttribute("transform");
    const backs = old.classList.contains("off"), chosen = old.classList.contains("chosen");
    old.classList.remove("off", "chosen");
    if (transform !== null) old.setAttribute("transform", transform);
    const same = old.isEqualNode(element);
    if (!same && was !== null) old.setAttribute("transform", was);
    old.classList.toggle("off", backs);
    old.classList.toggle("chosen", chosen);
    return { key, element: same ? old : element, then, now };
  },

  shown: -Infinity, // when the last picture came

  // animate lets the eye follow: what moved glides, what is new comes in, what is gone
  // goes out. Where very much moves, or all the time, no eye can.
  animate(after, gone) {
    const many = 60, rush = 900, began = performance.now(), hurried = began - this.shown < rush;
    this.shown = began;
    const moves = after.filter(({ then, now }) => !then || then.x !== now.x || then.y !== now.y || then.shape !== now.shape);
    if (hurried || moves.length + gone.length > many || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    for (const { element, then, now } of moves) {
      if (!then || then.shape !== now.shape) element.animate([{ opacity: 0 }, { opacity: 0, offset: 0.4 }, {}], { duration: 600 });
      else {
        element.animate([{ transform: `translate(${then.x}px, ${then.y}px)` }, { transform: `translate(${now.x}px, ${now.y}px)` }],
          { duration: 420, easing: "cubic-bezier(.3, .7, .2, 1)" });
      }
    }
    for (const ghost of gone) {
      for (const name of ["data-key", "tabindex", "role"]) ghost.removeAttribute(name);
      ghost.setAttribute("aria-hidden", "true");
      this.svg.append(ghost);
      const leave = () => ghost.remove();
      ghost.animate([{}, { opacity: 0 }], { duration: 350 }).finished.then(leave, leave);
    }
  },
};

view.map.addEventListener("click", (event) => {
  if (drag?.far && event.detail > 0) return; // programs that help people press without a pointer
  const element = event.target.closest?.("[role=button]");
  if (element && view.box.contains(element)) panel.open(element.dataset.key);
  else panel.close();
});

view.map.addEventListener("focusin", (event) => {
  const element = event.target.closest?.("#picture [role=button]");
  if (element && element.matches(":focus-visible")) view.reveal(element);
});

view.map.addEventListener("keydown", (event) => {
  const element = event.target.closest?.("#picture [role=button]");
  if (!element || (event.key !== "Enter" && event.key !== " ")) return;
  event.preventDefault();
  panel.open(element.dataset.key);
});
