// What the server tells of. A page that nobody looks at asks for nothing: browsers have
// few connections for one server, and each stream takes one.

const live = {
  source: null,
  status: null, // what the server said of the engine
  heard: 0,
  over: false, // netkit said that it ends: nobody will ever serve this address again

  clock(time) { return new Date(time).toLocaleTimeString(data.lang); },

  say(is, text) {
    // Who listens is told of what begins, and not of each second.
    if (at("live").dataset.is !== is) at("said").textContent = text;
    at("live").dataset.is = is;
    if (at("live-text").textContent !== text) at("live-text").textContent = text;
  },

  show() {
    const taken = this.clock(this.status?.taken ?? model.state.taken), was = at("live").dataset.is;
    if (this.status?.since) this.say("stale", words.noEngine.replace("%", this.clock(this.status.since)).replace("#", taken));
    else if (this.status?.gone) this.say("stale", this.status.gone);
    else this.say("live", words.live + " · " + taken);
    at("live").title = this.status?.trouble ?? "";
    // Details may be what could be told without the engine, or that there were none.
    if (at("live").dataset.is === "live" && ["stale", "lost"].includes(was)) panel.renew();
  },

  start() {
    if (!data.live) return;
    const follow = () => (document.visibilityState === "visible" ? this.connect() : this.leave());
    document.addEventListener("visibilitychange", follow);
    addEventListener("pagehide", () => this.leave());
    addEventListener("pageshow", follow);
    follow();
    // A connection may be dead without the browser being told; the server beats.
    const patience = 40e3;
    setInterval(() => {
      if (!this.source || Date.now() - this.heard < patience) return;
      this.leave();
      this.say("lost", words.lost);
      this.connect();
    }, 5e3);
  },

  leave() {
    this.source?.close();
    this.source = null;
  },

  connect() {
    if (this.source || this.over) return;
    if (at("live").dataset.is === "live") this.say("connecting", words.connecting); // what is shown may be old
    const source = this.source = new EventSource("stream");
    const on = (kind, act) => source.addEventListener(kind, (event) => {
      this.heard = Date.now();
      act(event);
    });
    this.heard = Date.now();
    on("open", () => {});
    on("beat", () => {});
    on("picture", (event) => this.pace(JSON.parse(event.data)));
    on("status", (event) => {
      this.status = JSON.parse(event.data);
      this.show();
    });
    on("end", () => {
      this.leave();
      this.over = true;
      this.say("ended", words.ended.replace("#", this.clock(this.status?.taken ?? model.state.taken)));
    });
    source.addEventListener("error", () => {
      if (source !== this.source) return;
      this.say("lost", words.lost);
      if (source.readyState !== EventSource.CLOSED) return; // the browser tries again itself
      this.source = null;
      setTimeout(() => { if (document.visibilityState === "visible") this.connect(); }, 2000);
    });
  },

  next: null, // the newest picture that is not shown yet
  free: 0,    // when the next may be shown

  // pace shows pictures no faster than leaves the page most of its time for the user.
  pace(state) {
    const waits = this.next !== null, rest = 3;
    this.next = state;
    if (waits) return;
    setTimeout(() => {
      const began = performance.now(), newest = this.next;
      this.next = null;
      this.picture(newest);
      requestAnimationFrame(() => setTimeout(() => { this.free = performance.now() + rest * (performance.now() - began); }));
    }, Math.max(0, this.free - performance.now()));
  },

  picture(state) {
    if (state.version === model.state.version) return;
    const { picture: text, ...rest } = state;
    model.take(rest);
    offerFilters();
    at("engine").textContent = state.engine;
    picture.replace(text);
    panel.renew();
    if (query.value) search(true);
    at("live").classList.remove("pulse");
    requestAnimationFrame(() => at("live").classList.add("pulse"));
  },
};
