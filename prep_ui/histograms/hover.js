// Pointing: a bin here marks its values in the other histograms and its pixels in the viewer, and a pixel there its values here.

const PAGE = 10;

function listenToHover(st) {
  for (const [i, { box, svg }] of st.plots.entries()) {
    box.addEventListener("pointermove", event => st.grip || pointAt(st, i, binUnder(st, i, event)));
    box.addEventListener("pointerleave", () => st.grip || pointAt(st, -1, -1));
    svg.addEventListener("blur", () => pointAt(st, -1, -1));
    svg.addEventListener("keydown", event => pressKey(st, i, event));
  }
}

function binUnder(st, i, event) {
  const { chart, place, svg } = st.plots[i];
  return binOf(chart, place.value(event.clientX - svg.getBoundingClientRect().left));
}

// No histogram is -1.
function pointAt(st, at, bin) {
  const pointed = bin < 0 ? null : { at, bin };
  if (pointed?.at === st.pointed?.at && pointed?.bin === st.pointed?.bin) return;
  Object.assign(st, { pointed, pixel: null });
  tell("prep:bin", pointed && pixelsOf(st, pointed));
  schedule(st);
}

function pressKey(st, i, event) {
  const { chart } = st.plots[i];
  const last = chart.counts.length - 1;
  const now = st.pointed?.at === i ? st.pointed.bin : Math.floor(chart.counts.length / 2);
  const far = event.shiftKey ? PAGE : 1;
  const to = { ArrowRight: now + far, ArrowUp: now + far, ArrowLeft: now - far, ArrowDown: now - far, Home: 0, End: last }[event.key];
  if (event.ctrlKey || event.metaKey || event.altKey || (to === undefined && event.key !== "Escape")) return;
  event.preventDefault();
  pointAt(st, i, to === undefined ? -1 : Math.min(last, Math.max(0, to)));
  st.root.querySelector(".said").textContent = to === undefined ? "" : inWords(st).join(", ");
}

// Which pixels of the viewer a bin holds: a picture and a range of its values, or the bin of each pixel.
function pixelsOf(st, { at, bin }) {
  const { chart } = st.plots[at];
  if (chart.bins_of) return { ...chart.bins_of, bin };
  if (chart.pane !== null) return { pane: chart.pane, low: chart.edges[bin], high: chart.edges[bin + 1], closed: bin === chart.counts.length - 1 };
  const shown = st.plots.find(plot => plot.chart.pane === 0)?.chart;
  const band = shown && bandIn(chart, bin, shown);
  return band ? { pane: 0, low: band[0], high: band[1], closed: true } : null;
}

function bandIn(chart, bin, other) {
  if (chart === other) return endsOf(chart, bin);
  const bands = chart.bands[other.id];
  return bands && !Number.isNaN(bands[0][bin]) ? [bands[0][bin], bands[1][bin]] : null;
}

// The band of values to mark in a histogram, or nothing.
function pointedIn(st, { chart }) {
  if (st.pixel) return pixelIn(st, chart);
  return st.pointed && bandIn(st.plots[st.pointed.at].chart, st.pointed.bin, chart);
}

// A picture says its own value; what no picture shows follows from the first picture.
function pixelIn(st, chart) {
  const value = st.pixel[chart.pane];
  if (chart.pane !== null) return Number.isFinite(value) ? [value, value] : null;
  const first = st.plots.find(plot => plot.chart.pane === 0)?.chart;
  const bin = first ? binOf(first, st.pixel[0]) : -1;
  return bin < 0 ? null : bandIn(first, bin, chart);
}

function inWords(st) {
  if (st.pixel) return ["the pixel pointed at, in all histograms"];
  if (!st.pointed) return [st.head.steer ? st.hint : "point at a histogram: the same voxels in all"];
  const { at, bin } = st.pointed;
  const { chart } = st.plots[at];
  const { counts, below, sum } = chart;
  const others = st.plots.filter(plot => plot.chart !== chart && bandIn(chart, bin, plot.chart));
  return [
    `${chart.title} ${bandText(chart, endsOf(chart, bin))}`,
    `p${figures((100 * below[bin]) / sum, 0.01)}`,
    `${grouped(counts[bin])} voxels`,
    ...others.map(plot => `${plot.chart.title} ${bandText(plot.chart, bandIn(chart, bin, plot.chart))}`),
  ];
}

function tell(name, detail) {
  document.dispatchEvent(new CustomEvent(name, { detail }));
}

function listenToViewer(st) {
  const on = (name, act) => document.addEventListener(name, event => st.head && act(event.detail), { signal: st.ended.signal });
  on("prep:pixel", values => {
    st.pixel = values;
    if (values) st.pointed = null;
    schedule(st);
  });
  on("prep:region", values => {
    st.region = values;
    schedule(st);
  });
  on("prep:window", window => followWindow(st, window));
}

// How many of the region's values lie in each bin, in the heights that are drawn.
function regionIn({ region }, { counts, even, usual, edges, pane, ...chart }) {
  const values = pane === null ? null : region?.[pane];
  if (!values) return null;
  const found = new Float64Array(counts.length);
  for (const value of values) {
    const bin = binOf({ counts, edges, ...chart }, value);
    if (bin >= 0) found[bin] += even ? 1 : usual / (edges[bin + 1] - edges[bin]);
  }
  return found;
}
