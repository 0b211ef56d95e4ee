// Parameters of the selected line as handles on a histogram.  The numbers follow the hand; the server hears of them when it rests.

const KEY_PAUSE = 400; // ms without a key before the new values are sent
const LEAST_DRAG = 3; // CSS pixels; a shorter one is a click

function layHandles(st) {
  const { steer } = st.head;
  const plot = steerPlot(st);
  const same = st.steered === `${plot?.chart.id} ${steer?.uid} ${steer?.names}`;
  if (!same) {
    for (const { box } of st.plots) box.querySelectorAll(".handle, .span").forEach(part => part.remove());
    st.steered = plot ? `${plot.chart.id} ${steer.uid} ${steer.names}` : null;
    st.handles = plot ? steer.names.map((name, i) => makeHandle(st, plot, i)) : [];
    st.span = plot && steer.names.length === 2 ? makeSpan(st, plot) : null;
  }
  if (steer) st.hint = hintOf(steer);
}

function hintOf({ words, names }) {
  // The name of the step stands above the chart: "line 2" is enough, where there is little room.
  return `drag: ${names.map(spoken).join(", ")} of ${words.split(",")[0]}`;
}

const spoken = name => name.replaceAll("_", " ");

function steerPlot(st) {
  return st.plots.find(plot => plot.chart.id === st.head.steer?.chart);
}

function makeHandle(st, plot, i) {
  const handle = document.createElement("div");
  Object.assign(handle, { className: "handle", tabIndex: 0 });
  handle.setAttribute("role", "slider");
  handle.setAttribute("aria-orientation", "horizontal");
  drags(st, handle, event => startDrag(st, event, value => moved(st, i, value)));
  handle.addEventListener("keydown", event => nudge(st, i, event));
  handle.addEventListener("blur", () => finish(st));
  plot.box.append(handle);
  return handle;
}

// The bar between two handles moves both.
function makeSpan(st, plot) {
  const span = Object.assign(document.createElement("div"), { className: "span", title: "Drag to move both ends" });
  drags(st, span, event => {
    const [low, high] = st.at;
    const from = valueUnder(st, event);
    startDrag(st, event, value => put(st, [low + value - from, high + value - from]));
  });
  plot.box.append(span);
  return span;
}

function drags(st, part, start) {
  part.addEventListener("pointerdown", event => {
    if (event.button !== 0) return;
    event.preventDefault();
    start(event);
    part.setPointerCapture(event.pointerId);
    part.focus({ preventScroll: true });
  });
  part.addEventListener("pointermove", event => drag(st, event));
  for (const end of ["pointerup", "pointercancel"]) part.addEventListener(end, () => endDrag(st));
}

// A drag across the histogram itself lays both ends anew.
function listenToBrush(st) {
  for (const plot of st.plots) {
    drags(st, plot.svg, event => {
      if (plot !== steerPlot(st) || st.head.steer.names.length !== 2) return;
      const from = valueUnder(st, event);
      startDrag(st, event, value => put(st, [Math.min(from, value), Math.max(from, value)]));
    });
  }
}

function startDrag(st, event, follow) {
  pointAt(st, -1, -1);
  st.grip = { follow, x: event.clientX, began: false };
}

function drag(st, event) {
  if (!st.grip) return;
  st.grip.began ||= Math.abs(event.clientX - st.grip.x) >= LEAST_DRAG;
  if (st.grip.began) st.grip.follow(valueUnder(st, event));
}

function endDrag(st) {
  if (!st.grip) return;
  st.grip = null;
  finish(st);
}

function valueUnder(st, event) {
  const { place, svg, chart } = steerPlot(st);
  return Math.min(chart.high, Math.max(chart.low, place.value(event.clientX - svg.getBoundingClientRect().left)));
}

function moved(st, i, value, number) {
  const at = [...st.at];
  at[i] = value;
  // One end pushes the other before it.
  if (at.length === 2) at[1 - i] = i ? Math.min(at[0], value) : Math.max(at[1], value);
  put(st, at, i, number);
}

function nudge(st, i, event) {
  const way = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
  if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const far = way * (event.shiftKey ? 10 : 1);
  const { steer } = st.head;
  if (steer.kind === "percents") {
    const percent = Math.min(100, Math.max(0, rounded(st.numbers[i] + far * 0.1)));
    moved(st, i, valueAtPercent(steer, percent), percent);
  } else moved(st, i, st.at[i] + far * granule(steerPlot(st).chart));
  clearTimeout(st.timer);
  st.timer = setTimeout(() => finish(st), KEY_PAUSE);
}

// A round thousandth of the axis; of whole numbers at least 1.
function granule({ low, high, whole }) {
  const step = 10 ** Math.floor(Math.log10((high - low) / 1000) + 1e-9);
  return whole ? Math.max(1, step) : step;
}

// Where many voxels are alike a value has many percentiles: the `number` of an end `i` is kept as it was asked for.
function put(st, at, i, number) {
  const { steer } = st.head;
  if (steer.kind === "percents") {
    st.numbers = at.map((value, j) => (value === st.at[j] && j !== i ? st.numbers[j] : rounded(percentAt(steer, value))));
    if (number !== undefined) st.numbers[i] = number;
  }
  st.at = at;
  st.editing = true;
  if (steer.kind === "window") tell("prep:steer", { ...parameters(st), done: false });
  schedule(st);
}

// What the parameters would be now, by name.
function parameters({ at, numbers, head: { steer }, plots }) {
  const { chart } = plots.find(plot => plot.chart.id === steer.chart);
  const within = value => Math.min(steer.limits[1], Math.max(steer.limits[0], value));
  const step = granule(chart);
  const round = value => Number((Math.round(value / step) * step).toPrecision(12));
  if (steer.kind === "window") {
    const [low, high] = at;
    const middle = round((low + high) / 2 + steer.extra);
    return { center: middle, width: Math.max(step, round(high - low + 2 * steer.extra)) };
  }
  const told = steer.kind === "percents" ? numbers : at.map(round);
  return Object.fromEntries(steer.names.map((name, i) => [name, within(told[i])]));
}

// Hundredths of a percent near the ends, where limits lie, else tenths.
function rounded(percent) {
  const digits = Math.min(percent, 100 - percent) < 1 ? 2 : 1;
  return Number(percent.toFixed(digits));
}

function percentAt({ percents, values }, value) {
  if (value <= values[0]) return percents[values.lastIndexOf(values[0])];
  const right = values.findIndex(other => other >= value);
  return right < 0 ? 100 : between(values, percents, right, value);
}

function valueAtPercent({ percents, values }, percent) {
  const right = percents.findIndex(other => other >= percent);
  return right < 0 ? values.at(-1) : right === 0 ? values[0] : between(percents, values, right, percent);
}

function between(xs, ys, right, x) {
  const span = xs[right] - xs[right - 1];
  return ys[right - 1] + (span ? (x - xs[right - 1]) / span : 1) * (ys[right] - ys[right - 1]);
}

function finish(st) {
  clearTimeout(st.timer);
  if (!st.editing) return;
  st.editing = false;
  const { steer } = st.head;
  const values = parameters(st);
  if (steer.kind === "window") tell("prep:steer", { ...values, done: true });
  if (steer.names.every((name, i) => values[name] === steer.now[i])) return settle(st);
  st.sent = Math.max(Date.now(), st.sent + 1);
  st.send("steer", { uid: steer.uid, values, at: st.sent });
  schedule(st);
}

// Back to what the server knows.
function settle(st) {
  Object.assign(st, { at: st.head.steer?.at ?? [], numbers: st.head.steer?.now ?? [] });
  schedule(st);
}

// The window as the viewer has it while it is dragged there.
function followWindow(st, window) {
  const { steer } = st.head;
  if (steer?.kind !== "window" || st.editing) return;
  const half = window.width / 2;
  st.at = [window.center - half, window.center + half - 2 * steer.extra];
  schedule(st);
}

function placeHandles(st) {
  const plot = steerPlot(st);
  if (!plot) return;
  const { place, chart } = plot;
  const x = st.at.map(value => place.across(Math.min(chart.high, Math.max(chart.low, value))));
  const values = parameters(st);
  st.handles.forEach((handle, i) => {
    handle.style.left = `${x[i]}px`;
    const [now, text] = spokenValue(st, values, i);
    const said = { valuemin: st.head.steer.limits[0], valuemax: st.head.steer.limits[1], valuenow: now, valuetext: text };
    for (const [name, value] of Object.entries(said)) handle.setAttribute(`aria-${name}`, value);
    const end = st.head.steer.kind === "window" ? ["lower end of the window", "upper end of the window"][i] : spoken(st.head.steer.names[i]);
    handle.setAttribute("aria-label", `${end}, ${st.head.steer.words}`);
    handle.title = `${end}: drag, or arrow keys`;
  });
  if (st.span) Object.assign(st.span.style, { left: `${x[0]}px`, width: `${Math.max(0, x[1] - x[0])}px` });
}

function spokenValue({ at, head: { steer }, plots }, values, i) {
  const { chart } = plots.find(plot => plot.chart.id === steer.chart);
  const here = valueText(chart, at[i]);
  if (steer.kind === "percents") return [values[steer.names[i]], `${values[steer.names[i]]} % = ${here}`];
  return [at[i], here];
}

// What is set while the hand moves.
function steeredInWords(st) {
  const { steer } = st.head;
  const values = parameters(st);
  const { chart } = steerPlot(st);
  const told = (name, i) => {
    if (steer.kind === "percents") return spokenValue(st, values, i)[1];
    return withUnit(signed(String(values[name])), chart.unit);
  };
  return steer.names.map((name, i) => `${spoken(name)} ${told(name, i)}`);
}
