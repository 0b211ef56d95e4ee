// One instance for each place in the page.  Streamlit calls the default export again for new data or a new theme.

const INSTANCES = new WeakMap();
const LEAST_WIDTH = 1e-3; // the smallest width that the step "window" takes

export default function (component) {
  const { data, parentElement, setStateValue } = component;
  let st = INSTANCES.get(parentElement);
  if (!st) {
    st = mount(parentElement.querySelector(".viewer"));
    INSTANCES.set(parentElement, st);
  }
  st.send = setStateValue;
  arrive(st, decode(data));
  return () => {
    st.gone = true;
    st.observer.disconnect();
    cancelAnimationFrame(st.frame);
    clearTimeout(st.timer);
    clearTimeout(st.rest);
    st.links.abort();
    INSTANCES.delete(parentElement);
  };
}

function mount(root) {
  const view = { zoom: 1, x: 0.5, y: 0.5 };
  const st = { root, view, slots: [], spot: null, drag: null, clip: false, outlined: true, sent: 0, painted: 0, changed: new Set(), wanted: null, ahead: null, voxel: null, rest: 0, requests: new Set(), fingers: new Map(), tool: null, laid: null };
  st.display = AS_IT_IS;
  listen(st);
  listenToDisplay(st);
  listenToTools(st);
  listenToSlices(st);
  listenToSwipe(st);
  listenToLinks(st);
  st.observer = new ResizeObserver(() => st.head && refit(st));
  st.observer.observe(root);
  return st;
}

function arrive(st, head) {
  st.theme = themeOf(st.root);
  // While the hand moves, and until the answer to its own change is here, news would be overtaken at once.
  const early = st.editing || (st.sent && head.answers !== st.sent);
  if (early && head.window) st.waiting = head;
  else if (head.rev === st.head?.rev && !st.live) schedule(st);
  else show(st, head);
}

function themeOf(root) {
  const style = getComputedStyle(root);
  const of = name => style.getPropertyValue(name).trim();
  return { text: of("--st-text-color"), accent: of("--st-primary-color"), font: of("--st-font") || "sans-serif" };
}

// The exact result, as the server sent it.
function show(st, head) {
  const previous = st.head;
  const drag = head.window || st.drag?.pulls ? st.drag : null;
  Object.assign(st, { head, drag, waiting: null, live: false, editing: false });
  Object.assign(st, { window: head.window, committed: head.window });
  st.root.style.setProperty("--height", `${head.height}px`);
  st.root.style.setProperty("--count", head.panes.length);
  st.root.classList.toggle("with-histograms", head.panes.some(pane => pane.histogram));
  st.slots = fittingSlots(st.root, st.slots, head.panes.length);
  if (!st.slots.includes(st.spot?.slot)) st.spot = null;
  if (!st.slots.includes(st.laid?.home)) st.laid = null;
  // A length or a box of another picture would lie anywhere.
  if (["cols", "rows"].some(side => previous?.panes[0][side] !== head.panes[0][side])) st.laid = null;
  st.slots.forEach((slot, i) => fill(slot, head.panes[i]));
  st.liveRaster = head.live && makeRaster(head.live);
  st.root.querySelector(".window").hidden = !head.window;
  st.root.querySelector("button.outline").hidden = !st.slots.some(slot => slot.outline);
  if (head.window) st.scale = scaleOf(head, st.liveRaster.extent);
  if (head.window) setLimits(st);
  arriveMeeting(st, previous);
  for (const slot of st.slots) describeSlot(st, slot);
  st.changed = new Set(st.slots);
  writeDisplay(st);
  layOutSwipe(st);
  setSliceLimits(st);
  refit(st);
  answerSlice(st, previous);
  paint(st);
}

// One for each picture.  Those that stay keep the focus and what the pointer is doing.
function fittingSlots(root, slots, count) {
  for (const { figure } of slots.slice(count)) figure.remove();
  const more = makeSlots(Math.max(0, count - slots.length));
  root.querySelector(".turn").before(...more.map(({ figure }) => figure));
  const all = [...slots.slice(0, count), ...more];
  all.forEach(({ figure }, i) => figure.style.setProperty("--column", i + 1));
  return all;
}

function makeSlots(count) {
  const parts = Array.from({ length: count }, () => {
    const figure = document.createElement("figure");
    const labels = [...RIMS, "stack"].map(rim => `<span class="rim ${rim}" aria-hidden="true" hidden></span>`).join("");
    figure.innerHTML = `<figcaption></figcaption><div class="box"><canvas class="picture" tabindex="0"></canvas>
      <i class="across"></i><i class="down"></i>${labels}<span class="late" aria-hidden="true">catching up</span></div><canvas class="histogram" role="img"></canvas>`;
    return figure;
  });
  return parts.map(figure => {
    const [caption, box, canvas, across, down, stack, histogram] = [
      "figcaption", ".box", ".picture", ".across", ".down", ".stack", ".histogram",
    ].map(name => figure.querySelector(name));
    return { figure, caption, box, canvas, across, down, stack, histogram };
  });
}

function fill(slot, pane) {
  Object.assign(slot, { pane, raster: makeRaster(pane), outline: makeOutline(pane), binned: null, logarithms: null, colours: tableOf(pane) });
  slot.histogram.hidden = !pane.histogram;
  if (pane.histogram) slot.histogram.setAttribute("aria-label", describe(pane.histogram));
}

function describeSlot(st, slot) {
  const { pane, canvas, caption } = slot;
  const { low, high } = limitsOf(st, slot);
  const range = showsDecibels(st, slot) ? decibelText(st.display, pane) : spanText({ ...pane, low, high });
  const every = pane.stride > 1 ? `, every ${ordinal(pane.stride)} pixel` : "";
  caption.replaceChildren(pane.label, Object.assign(document.createElement("span"), { textContent: range + every }));
  canvas.setAttribute("role", st.head.window || st.head.slices || st.voxel ? "slider" : "img");
  canvas.setAttribute("aria-label", `Picture, ${pane.label}, ${range}${every}${rimsInWords(pane)}${keysInWords(st.head)}`);
  labelRims(slot);
  slot.stack.hidden = !st.head.slices && !st.voxel;
}

function keysInWords({ window, slices, crosshair }) {
  if (crosshair) return "; arrow keys move the crosshair, page up and page down go through the planes";
  if (slices) return `; arrow keys turn the ${STACKS[slices.axis].toLowerCase()}s, with shift they move the crosshair`;
  return window ? "; arrow keys move the center and the width of the window" : "";
}

function ordinal(n) {
  return `${n}${{ 2: "nd", 3: "rd" }[n] ?? "th"}`;
}

// How far a drag goes, in which steps, and where it ends.  What the server says is always within.
function scaleOf({ live, window }, extent) {
  const [low, high] = live.histogram?.edges ?? extent;
  const range = high - low || 1;
  const granule = 10 ** Math.floor(Math.log10(range / 1000) + 1e-9);
  const least = Math.max(window.function === "linear" ? 1 : granule, LEAST_WIDTH);
  // A native slider counts its steps from its lower end, so the ends are whole steps themselves.
  const below = value => Math.floor(value / granule) * granule;
  const above = value => Math.ceil(value / granule) * granule;
  return {
    range,
    granule,
    low: below(Math.min(low, window.center)),
    high: above(Math.max(high, window.center)),
    least: Math.min(above(least), window.width),
    most: above(Math.max(range, window.width)),
  };
}

function setLimits({ root, scale, window }) {
  const set = (input, min, max, value) => Object.assign(input, { min, max, step: scale.granule, value });
  set(root.querySelector("input.center"), scale.low, scale.high, window.center);
  set(root.querySelector("input.width"), scale.least, scale.most, window.width);
}
