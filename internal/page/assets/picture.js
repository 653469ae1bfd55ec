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
    }
  },

  // lift takes what stands in another object out of it, to the same place: a button
  // within a button is none to many.
  lift(inner) {
    const owner = inner.parentElement.closest("[data-key]");
    if (!owner) return;
    const [a, b] = [owner, inner].map((element) => element.transform.baseVal.consolidate().matrix);
    inner.setAttribute("transform", `translate(${a.e + b.e} ${a.f + b.f})`);
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
    const networks = (object.networks ?? []).map((key) => model.get(key)?.name).filter(Boolean);
    if (networks.length) parts.push(`${words.onNetworks}: ${networks.join(", ")}`);
    return parts.join(", ");
  },

  button(key) { return this.svg?.querySelector(`[role="button"][data-key="${CSS.escape(key)}"]`); },

  // light lets what is not meant stand back.
  light() {
    const lit = model.lit();
    let shown = 0;
    for (const element of this.keyed(this.svg)) {
      const { key, from, to } = element.dataset;
      const known = (end) => !lit || !model.byKey.has(end) || lit.has(end);
      const on = from || to ? known(from) && known(to) : known(key);
      element.classList.toggle("off", !on);
      if (element.getAttribute("role") === "button") {
        element.classList.toggle("chosen", key === model.chosen);
        element.setAttribute("aria-pressed", String(key === model.chosen));
      }
    }
    for (const object of model.state.objects) if (!lit || lit.has(object.key)) shown++;
    at("count").textContent = lit && !model.chosen ? words.found.replace("#", shown).replace("%", model.state.objects.length) : "";
  },

  // places are where the objects of a picture are, each within what it stands in.
  places(svg) {
    const places = new Map();
    for (const element of this.keyed(svg)) {
      const matrix = element.transform?.baseVal.consolidate()?.matrix;
      places.set(element.dataset.key, {
        element, x: matrix?.e ?? 0, y: matrix?.f ?? 0, within: element.parentElement.closest("[data-key]")?.dataset.key,
        shape: element.querySelector(":scope > path")?.getAttribute("d"),
      });
    }
    return places;
  },

  // replace shows another picture.
  replace(text) {
    const fresh = document.importNode(new DOMParser().parseFromString(text, "image/svg+xml").documentElement, true);
    if (fresh.localName !== "svg") return;
    const old = this.svg, focus = document.activeElement?.closest?.("#picture [role=button]")?.dataset.key;
    const before = this.places(old), calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.prepare(fresh);
    this.keep(before, fresh);
    old.replaceWith(fresh);
    this.light();
    if (focus) this.button(focus)?.focus({ preventScroll: true });
    if (!calm && document.visibilityState === "visible") this.animate(before, this.places(fresh), fresh);
    if (!view.moved) view.fit(model.least, true);
  },

  // keep puts those elements of the old picture that look the same in the place of the
  // new ones, so that the browser need not make them anew.
  keep(before, fresh) {
    for (const [key, place] of this.places(fresh)) {
      const old = before.get(key)?.element;
      if (!old || place.element.querySelector("[data-key]") || old.querySelector("[data-key]")) continue;
      const transform = place.element.getAttribute("transform");
      old.classList.remove("off", "chosen");
      if (transform !== null) place.element.setAttribute("transform", old.getAttribute("transform") ?? "");
      const same = old.isEqualNode(place.element);
      if (transform !== null) place.element.setAttribute("transform", transform);
      if (!same) continue;
      const copy = old; // it leaves the old picture
      if (transform !== null) copy.setAttribute("transform", transform);
      place.element.replaceWith(copy);
    }
  },

  animate(before, after, svg) {
    const move = { duration: 420, easing: "cubic-bezier(.3, .7, .2, 1)" };
    for (const [key, now] of after) {
      const then = before.get(key);
      if (!then || then.within !== now.within) {
        now.element.animate([{ opacity: 0 }, { opacity: 0, offset: 0.4 }, {}], { duration: 600 });
      } else if (then.shape !== now.shape) {
        now.element.animate([{ opacity: 0 }, { opacity: 0, offset: 0.5 }, {}], { duration: 700 });
      } else if (then.x !== now.x || then.y !== now.y) {
        now.element.animate([{ transform: `translate(${then.x}px, ${then.y}px)` }, { transform: `translate(${now.x}px, ${now.y}px)` }], move);
      }
    }
    for (const [key, then] of before) {
      if (after.has(key) || before.has(then.within) && !after.has(then.within)) continue;
      const ghost = then.element;
      if (ghost.isConnected) continue;
      ghost.removeAttribute("data-key");
      ghost.removeAttribute("tabindex");
      ghost.setAttribute("aria-hidden", "true");
      svg.append(ghost);
      ghost.animate([{}, { opacity: 0 }], { duration: 350 }).finished.then(() => ghost.remove(), () => ghost.remove());
    }
  },
};

view.map.addEventListener("click", (event) => {
  if (drag?.far) return;
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
