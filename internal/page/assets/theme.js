// Light and dark. The style asks what the system wants; choosing otherwise rewrites what
// it asks, so that there is one set of rules for both.

const theme = {
  is: "auto",
  rules: [],

  start() {
    const collect = (list) => {
      for (const rule of list) {
        if (rule.media && rule.conditionText?.includes("prefers-color-scheme")) this.rules.push({ media: rule.media, asks: rule.media.mediaText });
        else if (rule.cssRules) collect(rule.cssRules);
      }
    };
    for (const sheet of document.styleSheets) collect(sheet.cssRules);
    let kept = "";
    try { kept = localStorage.getItem("netkit-theme") ?? ""; } catch { /* a page may not be allowed to */ }
    this.set(["light", "dark"].includes(kept) ? kept : data.theme || "auto");
  },

  apply(is) {
    for (const rule of this.rules) {
      const dark = rule.asks.includes("dark");
      rule.media.mediaText = is === "auto" ? rule.asks : (is === "dark") === dark ? "all" : "not all";
    }
    document.documentElement.style.colorScheme = is === "auto" ? "light dark" : is;
  },

  set(is) {
    this.is = is;
    this.apply(is);
    const text = `${words.theme}: ${words[is]}`;
    at("theme").setAttribute("aria-label", text);
    at("theme").title = text;
  },

  next() {
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const order = dark ? ["auto", "light", "dark"] : ["auto", "dark", "light"];
    this.set(order[(order.indexOf(this.is) + 1) % order.length]);
    try { localStorage.setItem("netkit-theme", this.is); } catch { /* then it is for now only */ }
  },
};
at("theme").addEventListener("click", () => theme.next());
addEventListener("beforeprint", () => theme.apply("light"));
addEventListener("afterprint", () => theme.apply(theme.is));
