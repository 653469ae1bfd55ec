// Keys that work everywhere, and the beginning.

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    if (!filterCard.leave() && !helpCard.leave()) panel.close();
    return;
  }
  if (event.target.closest?.("input, select, textarea")) return;
  const step = 80;
  const onMap = !event.target.closest?.("#panel, header, #keys");
  const keys = {
    "/": () => query.focus(),
    "?": () => helpCard.toggle(),
    "+": () => view.zoom(1.25, undefined, undefined, true),
    "=": () => view.zoom(1.25, undefined, undefined, true),
    "-": () => view.zoom(0.8, undefined, undefined, true),
    "0": () => view.fit(undefined, true),
    ArrowLeft: onMap && (() => view.move(step, 0, true)),
    ArrowRight: onMap && (() => view.move(-step, 0, true)),
    ArrowUp: onMap && (() => view.move(0, step, true)),
    ArrowDown: onMap && (() => view.move(0, -step, true)),
  };
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

// The address stays that of what is open.
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  at("foot").focus();
});

model.take(data.state);
theme.start();
picture.prepare(picture.svg);
offerFilters();
view.fit(view.readable);
picture.light();
const taken = at("taken");
if (taken) taken.textContent = new Date(taken.dateTime).toLocaleString(data.lang);
followAddress();
live.start();
