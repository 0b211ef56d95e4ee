// The ruler, the box and the ellipse, laid on the pictures by dragging or with keys.  What is kept is two places: the
// ends of a length, or opposite corners around a region.

const TOOLS = ["ruler", "region", "ellipse"];
const REGIONS = ["region", "ellipse"];
const REACH = 0.1; // of a picture, from the middle to the ends of what Enter lays down

function listenToTools(st) {
  for (const name of TOOLS) st.root.querySelector(`button.${name}`).addEventListener("click", () => takeTool(st, name));
}

// Taking a tool again lays it down, and what it drew goes with it.
function takeTool(st, name) {
  st.tool = st.tool === name ? null : name;
  st.laid = null;
  for (const other of TOOLS) {
    st.root.querySelector(`button.${other}`).setAttribute("aria-pressed", st.tool === other);
  }
  schedule(st);
}

function startTool(st, slot, event) {
  const start = onPicture(st, slot, event);
  st.laid = { home: homeOf(st, slot), start, end: start };
}

function pullTool(st, slot, event) {
  if (!st.laid) return;
  st.laid = { ...st.laid, end: onPicture(st, slot, event) };
  point(st, spotAt(st, slot, event));
}

// What is drawn belongs to the first picture and shows at the same place in the others; of three planes it belongs to one.
function homeOf({ voxel, slots }, slot) {
  return voxel ? slot : slots[0];
}

function isDrawnOn({ voxel, laid }, slot) {
  return Boolean(laid) && (!voxel || laid.home === slot);
}

// The nearest place of the picture to which it belongs.
function onPicture(st, slot, event) {
  const { u, v } = carried(anywhere(st, slot, event), slot, homeOf(st, slot));
  return { u: clamp(u, 0, 1), v: clamp(v, 0, 1) };
}

function drawTool(st, slot, context) {
  if (!isDrawnOn(st, slot)) return;
  const at = placed(st, slot);
  const [a, b] = [st.laid.start, st.laid.end].map(spot => {
    const { u, v } = carried(spot, st.laid.home, slot);
    return [at.left + u * at.width, at.top + v * at.height];
  });
  context.beginPath();
  OUTLINES[st.tool](context, a, b);
  // A dark line under a bright one is seen on every ground.
  for (const [width, colour] of [[3, "rgb(0 0 0 / 70%)"], [1.25, "#ffffff"]]) {
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.stroke();
  }
}

const OUTLINES = {
  ruler(context, a, b) {
    context.moveTo(...a);
    context.lineTo(...b);
  },
  region(context, a, b) {
    context.rect(a[0], a[1], b[0] - a[0], b[1] - a[1]);
  },
  ellipse(context, a, b) {
    const [x, y] = [0, 1].map(i => (a[i] + b[i]) / 2);
    const [across, down] = [0, 1].map(i => Math.abs(b[i] - a[i]) / 2);
    context.ellipse(x, y, across, down, 0, 0, 2 * Math.PI);
  },
};

// Enter lays the tool down around `middle`; then arrows move it, and with shift they move its second end.
function pressTool(st, slot, { key, shiftKey }, middle) {
  if (!st.tool) return false;
  if (key === "Enter") layAround(st, slot, middle);
  else if (key in ARROWS && st.laid) moveLaid(st, ARROWS[key], shiftKey);
  else return false;
  st.root.querySelector(".readout").ariaLive = "polite";
  schedule(st);
  return true;
}

// On whole pixels, so that a step takes a row or a column in and leaves one out.
function layAround(st, slot, middle) {
  const home = homeOf(st, slot);
  const { u, v } = carried(middle, slot, home);
  const { cols, rows } = home.pane;
  const whole = (share, count) => clamp(Math.round(share * count), 0, count) / count;
  const end = way => ({
    u: whole(u + way * REACH, cols),
    v: whole(st.tool === "ruler" ? v : v + way * REACH, rows),
  });
  st.laid = { home, start: end(-1), end: end(1) };
}

function moveLaid(st, [right, up], endOnly) {
  const { home, start, end } = st.laid;
  const { cols, rows } = home.pane;
  const moved = ({ u, v }) => ({ u: u + right / cols, v: v - up / rows });
  const laid = { home, start: endOnly ? start : moved(start), end: moved(end) };
  const fits = share => share > -1e-9 && share < 1 + 1e-9;
  if ([laid.start, laid.end].every(({ u, v }) => fits(u) && fits(v))) st.laid = laid;
}

function toolInWords(st) {
  if (!st.laid) return TOOL_HINTS[st.tool];
  return st.tool === "ruler" ? rulerText(st) : regionTexts(st).join("   ");
}

const TOOL_HINTS = {
  ruler: "drag to measure a length, or Enter and arrow keys",
  region: "drag a box around a region, or Enter and arrow keys, shift for its size",
  ellipse: "drag an ellipse around a region, or Enter and arrow keys, shift for its size",
};

function rulerText({ laid, laid: { home: { pane } } }) {
  const { cols, rows, stride, place } = pane;
  const x = (laid.end.u - laid.start.u) * cols * stride;
  const y = (laid.end.v - laid.start.v) * rows * stride;
  const pixels = `${Math.hypot(x, y).toFixed(1)} px`;
  if (!place?.known) return `length ${pixels}`;
  const step = place.down.map((part, i) => part * y + place.right[i] * x);
  const size = Math.min(...[place.down, place.right].map(side => Math.sqrt(dot(side, side))));
  return `length ${figures(Math.sqrt(dot(step, step)), size / 10)} mm   ${pixels}`;
}
