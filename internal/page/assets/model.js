// What is shown, and what of it the user chose.

const data = JSON.parse(document.getElementById("data").textContent);
const words = data.words;
const at = (id) => document.getElementById(id);

const model = {
  state: null,
  byKey: new Map(),
  chosen: "", // the key of the object whose panel is open
  query: "",
  filters: { project: "", network: "", state: "" },

  take(state) {
    this.state = state;
    this.byKey = new Map(state.objects.map((object) => [object.key, object]));
  },

  get(key) { return this.byKey.get(key); },

  // members are the containers on a network, those with the same interfaces too.
  members(network) {
    return this.state.objects.filter((o) => this.networksOf(o).includes(network));
  },

  // networksOf are the keys of an object's networks, be it through another container.
  networksOf(object) {
    const own = object.networks ?? [];
    const others = (object.kin ?? []).flatMap((key) => this.get(key)?.networks ?? []);
    return [...new Set([...own, ...others])];
  },

  // connected are the keys of an object and of all that it is connected to.
  connected(key) {
    const object = this.get(key);
    const networks = object.kind === "container" ? this.networksOf(object) : [key];
    const keys = new Set([key, ...networks, ...(object.kin ?? [])]);
    for (const network of networks) for (const member of this.members(network)) keys.add(member.key);
    return keys;
  },

  text(object) {
    return [object.name, object.about, object.group, object.state, object.words].filter(Boolean).join(" ").toLowerCase();
  },

  found(query) {
    const parts = query.toLowerCase().split(/\s+/).filter(Boolean);
    const rank = (o) => (o.name.toLowerCase() === query.toLowerCase() ? 0 : o.name.toLowerCase().includes(parts[0]) ? 1 : 2);
    return this.state.objects
      .filter((o) => parts.every((part) => this.text(o).includes(part)))
      .map((o, i) => [rank(o), i, o]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).map((row) => row[2]);
  },

  filtering() { return Object.values(this.filters).some(Boolean); },

  passes(object) {
    const { project, network, state } = this.filters;
    const group = object.group || "";
    if (project && group !== (project === "none" ? "" : project.slice(1))) {
      // A network of one project may be used by another.
      const used = object.kind !== "container" && project !== "none" && this.members(object.key).some((o) => o.group === project.slice(1));
      if (!used) return false;
    }
    if (network && object.key !== network && !this.networksOf(object).includes(network)) return false;
    if (state && (object.kind === "container" ? object.state !== state : !this.members(object.key).some((o) => o.state === state))) return false;
    return true;
  },

  // lit are the keys that stand out; null where everything does.
  lit() {
    let keys = this.chosen && this.get(this.chosen) ? this.connected(this.chosen) : null;
    const keep = (pass) => {
      keys = new Set((keys ? [...keys] : [...this.byKey.keys()]).filter(pass));
    };
    if (this.filtering()) keep((key) => key === this.chosen || this.passes(this.get(key)));
    if (this.query.trim() && !this.chosen) {
      const hits = new Set(this.found(this.query.trim()).map((o) => o.key));
      keep((key) => hits.has(key));
    }
    return keys;
  },
};
