// The panel: all there is to say of one network or container. The address of the page
// names it, so that it can be handed on.

const panel = {
  element: at("panel"),
  request: null, // what the server is being asked: of what, and whether to ask again

  open(key, { focus = true, reveal = false } = {}) {
    const object = model.get(key);
    if (!object) return;
    const other = key !== model.chosen;
    model.chosen = key;
    this.element.hidden = false;
    document.body.classList.add("open");
    this.fill(object, other);
    picture.light();
    if (location.hash !== "#" + key) history.replaceState(null, "", "#" + key);
    if (other) this.element.scrollTop = 0;
    if (focus) at("panel-name").focus({ preventScroll: true });
    const button = picture.button(key);
    if (button && (reveal || other)) view.reveal(button);
  },

  close() {
    if (this.element.hidden) return;
    const key = model.chosen, within = this.element.contains(document.activeElement);
    model.chosen = "";
    this.element.hidden = true;
    document.body.classList.remove("open");
    picture.light();
    history.replaceState(null, "", location.pathname + location.search);
    if (within) (picture.button(key) ?? view.map).focus({ preventScroll: true });
  },

  fill(object, other) {
    at("panel-kind").textContent = [words[object.kind], object.group, object.state].filter(Boolean).join(" · ");
    at("panel-name").textContent = object.name;
    at("panel-about").textContent = object.about ?? "";
    const links = object.kind === "container"
      ? [[words.onNetworks, (object.networks ?? [])], [words.sharedWith, object.kin ?? []]]
      : [[object.kind === "gone" ? words.wantedBy : words.onIt, model.members(object.key).map((o) => o.key)]];
    this.put(at("panel-links"), links.flatMap(([title, keys]) => this.links(title, keys)));
    this.say(object.key, other);
  },

  links(title, keys) {
    const objects = keys.map((key) => model.get(key)).filter(Boolean);
    if (!objects.length) return [];
    const heading = document.createElement("h3"), list = document.createElement("ul");
    heading.textContent = title;
    list.append(...objects.map((object) => {
      const item = document.createElement("li"), link = document.createElement("a");
      link.href = "#" + object.key;
      link.textContent = object.name;
      item.append(link);
      return item;
    }));
    return [heading, list];
  },

  // put shows nodes in an element, unless it shows the same already: then what is
  // selected there stays so. What had the focus there has it again.
  put(element, nodes) {
    const fresh = element.cloneNode(false);
    fresh.append(...nodes);
    if (element.isEqualNode(fresh)) return;
    const focus = element.contains(document.activeElement) ? document.activeElement : null;
    element.replaceChildren(...fresh.childNodes);
    if (!focus) return;
    const same = [...element.querySelectorAll("a")].find((link) => link.hash === focus.hash);
    (same ?? at("panel-name")).focus({ preventScroll: true });
  },

  // say shows the text: it is in the page, or else the server has it. While the server
  // works out what there is to say of an object, it is not asked the same a second time,
  // however much changes: one question afterwards is enough.
  async say(key, other) {
    const text = at("panel-text");
    const template = document.querySelector(`template[data-detail="${CSS.escape(key)}"]`);
    if (template) {
      text.replaceChildren(template.content.cloneNode(true));
      return;
    }
    if (other) this.note(words.loading);
    if (this.request?.key === key) {
      this.request.again = true;
      return;
    }
    this.forget();
    const ours = this.request = { key, again: false, stop: new AbortController() };
    do {
      ours.again = false;
      let parts = null, trouble = "";
      try {
        const reply = await fetch("detail?key=" + encodeURIComponent(key), { signal: ours.stop.signal });
        const answer = await reply.text();
        if (!reply.ok) throw new Error(answer);
        parts = new DOMParser().parseFromString(answer, "text/html").body.childNodes;
      } catch (error) {
        trouble = words.unsaid + ": " + error.message;
      }
      if (ours !== this.request) return; // a late answer is not taken for a newer one
      if (parts) this.put(text, [...parts]);
      else this.note(trouble);
    } while (ours.again);
    this.request = null;
  },

  // forget lets nothing come of what the server is being asked.
  forget() {
    this.request?.stop.abort();
    this.request = null;
  },

  note(text) {
    const p = document.createElement("p");
    p.className = "wait";
    p.textContent = text;
    this.put(at("panel-text"), [p]);
  },

  // renew shows what a new picture changes in what is open.
  renew() {
    if (!model.chosen) return;
    const object = model.get(model.chosen);
    if (object) {
      this.fill(object, false);
      return;
    }
    this.forget();
    for (const id of ["panel-kind", "panel-about"]) at(id).textContent = "";
    this.put(at("panel-links"), []);
    this.note(at("panel-name").textContent + " " + words.vanished);
  },
};

at("panel-close").addEventListener("click", () => panel.close());

// Keys are letters, digits and "_": there is nothing to decode, which fails for some.
function followAddress() {
  const key = location.hash.slice(1);
  if (model.get(key)) panel.open(key, { reveal: true });
}
addEventListener("hashchange", followAddress);
