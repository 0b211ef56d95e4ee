// One instance for each place in the page.  Streamlit calls the default export again for new data or a new theme.

const INSTANCES = new WeakMap();
const CHOICES = { log: true, cumulative: false };
const KEPT = "prep.histograms";
const OWN_WORDS = 3; // what the histogram pointed at says; the others say theirs in their own corners

export default function (component) {
  const { data, parentElement, setStateValue } = component;
  let st = INSTANCES.get(parentElement);
  if (!st) {
    st = mount(parentElement.querySelector(".histograms"));
    INSTANCES.set(parentElement, st);
  }
  st.send = setStateValue;
  arrive(st, decode(data));
  return () => {
    st.observer.disconnect();
    st.ended.abort();
    cancelAnimationFrame(st.frame);
    clearTimeout(st.timer);
    tell("prep:bin", null);
    INSTANCES.delete(parentElement);
  };
}

function mount(root) {
  const st = { root, plots: [], handles: [], pointed: null, pixel: null, region: null, sent: 0, choices: remembered(), ended: new AbortController() };
  for (const name in CHOICES) {
    root.querySelector(`button.${name}`).addEventListener("click", () => choose(st, name));
  }
  listenToSave(st);
  listenToViewer(st);
  st.observer = new ResizeObserver(() => schedule(st));
  st.observer.observe(root);
  return st;
}

// Where a browser keeps nothing for a page, the choices hold until the page is left.
function remembered() {
  try {
    return { ...CHOICES, ...JSON.parse(localStorage.getItem(KEPT)) };
  } catch {
    return { ...CHOICES };
  }
}

function choose(st, name) {
  st.choices = { ...st.choices, [name]: !st.choices[name] };
  try {
    localStorage.setItem(KEPT, JSON.stringify(st.choices));
  } catch {
    // Nothing is kept there, and nothing else hangs on it.
  }
  schedule(st);
}

function arrive(st, head) {
  const style = getComputedStyle(st.root);
  const of = name => style.getPropertyValue(name).trim();
  st.theme = { text: of("--st-text-color"), accent: of("--st-primary-color"), font: of("--st-font") || "sans-serif" };
  st.theme.link = getComputedStyle(st.root.querySelector(".said")).color;
  // While the hand moves, and until the answer to its own change is here, news would be overtaken at once.
  if (st.head && (st.editing || (st.sent && head.answers !== st.sent))) return;
  st.head = head;
  st.root.style.setProperty("--height", `${head.height}px`);
  st.root.style.setProperty("--count", head.stacked ? 1 : head.charts.length);
  st.root.classList.toggle("stacked", head.stacked);
  if (st.plots.map(plot => plot.chart.id).join() !== head.charts.map(chart => chart.id).join()) makePlots(st);
  head.charts.forEach((chart, i) => Object.assign(st.plots[i], { chart }));
  if (st.pointed && st.pointed.bin >= st.plots[st.pointed.at]?.chart.counts.length) st.pointed = null;
  layHandles(st);
  settle(st);
}

function makePlots(st) {
  st.plots = st.head.charts.map(chart => {
    const box = Object.assign(document.createElement("div"), { className: "chart" });
    box.innerHTML = '<svg tabindex="0" role="slider" aria-valuemin="0"></svg>';
    box.style.setProperty("--top", `${TOP}px`);
    box.style.setProperty("--bottom", `${BOTTOM}px`);
    box.dataset.chart = chart.id;
    return { chart, box, svg: box.firstElementChild };
  });
  Object.assign(st, { pointed: null, steered: null, handles: [], span: null });
  st.root.querySelector(".charts").replaceChildren(...st.plots.map(plot => plot.box));
  listenToHover(st);
  listenToBrush(st);
}

function schedule(st) {
  st.frame ||= requestAnimationFrame(() => paint(st));
}

function paint(st) {
  st.frame = 0;
  if (!st.head) return;
  for (const plot of st.plots) paintPlot(st, plot);
  placeHandles(st);
  const words = st.editing ? steeredInWords(st) : inWords(st).slice(0, OWN_WORDS);
  const parts = words.map(textContent => Object.assign(document.createElement("span"), { textContent }));
  st.root.querySelector(".readout").replaceChildren(...parts);
  for (const name in CHOICES) st.root.querySelector(`button.${name}`).setAttribute("aria-pressed", st.choices[name]);
  st.root.dataset.rev = st.head.rev;
}

function paintPlot(st, plot) {
  const { chart, svg } = plot;
  const { clientWidth: width, clientHeight: height } = plot.box;
  if (!width || !height) return;
  plot.place = geometry(chart, width, height);
  const steered = st.head.steer?.chart === chart.id && st.at.length === 2 ? st.at : null;
  const extras = { pointed: pointedIn(st, plot), region: regionIn(st, chart), steered, stale: st.editing && chart.pane === 1 };
  svg.innerHTML = drawn(chart, plot.place, st.choices, extras, st.theme);
  const bin = st.pointed?.at === st.plots.indexOf(plot) ? st.pointed.bin : 0;
  const told = extras.pointed ? bandText(chart, extras.pointed) : "no value pointed at";
  const said = { label: `Histogram, ${chart.title}; arrow keys move along it`, valuemax: chart.counts.length - 1, valuenow: bin, valuetext: told };
  for (const [name, value] of Object.entries(said)) svg.setAttribute(`aria-${name}`, value);
}
