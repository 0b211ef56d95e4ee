// The ruler and the box, laid on the pictures with the hand.  Their ends are kept as places of the first picture.

const TOOLS = ["ruler", "region"];

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
  st.laid = { start, end: start };
}

function pullTool(st, slot, event) {
  if (!st.laid) return;
  st.laid = { ...st.laid, end: onPicture(st, slot, event) };
  point(st, spotAt(st, slot, event));
}

// The nearest place of the first picture.
function onPicture(st, slot, event) {
  const { left, top, width, height } = placed(st, slot);
  const box = slot.canvas.getBoundingClientRect();
  const spot = { u: (event.clientX - box.left - left) / width, v: (event.clientY - box.top - top) / height };
  const { u, v } = carried(spot, slot, st.slots[0]);
  return { u: clamp(u, 0, 1), v: clamp(v, 0, 1) };
}

function drawTool(st, slot, context) {
  if (!st.laid) return;
  const at = placed(st, slot);
  const [a, b] = [st.laid.start, st.laid.end].map(spot => {
    const { u, v } = carried(spot, st.slots[0], slot);
    return [at.left + u * at.width, at.top + v * at.height];
  });
  context.beginPath();
  if (st.tool === "ruler") {
    context.moveTo(...a);
    context.lineTo(...b);
  } else context.rect(a[0], a[1], b[0] - a[0], b[1] - a[1]);
  // A dark line under a bright one is seen on every ground.
  for (const [width, colour] of [[3, "rgb(0 0 0 / 70%)"], [1.25, "#ffffff"]]) {
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.stroke();
  }
}

function toolInWords(st) {
  if (!st.laid) return TOOL_HINTS[st.tool];
  return st.tool === "ruler" ? rulerText(st) : regionTexts(st).join("   ");
}

const TOOL_HINTS = { ruler: "drag to measure a length", region: "drag a box around a region" };

function rulerText({ laid, slots: [{ pane }] }) {
  const { cols, rows, stride, place } = pane;
  const x = (laid.end.u - laid.start.u) * cols * stride;
  const y = (laid.end.v - laid.start.v) * rows * stride;
  const pixels = `${Math.hypot(x, y).toFixed(1)} px`;
  if (!place?.known) return `length ${pixels}`;
  const step = place.down.map((part, i) => part * y + place.right[i] * x);
  const size = Math.min(...[place.down, place.right].map(side => Math.sqrt(dot(side, side))));
  return `length ${figures(Math.sqrt(dot(step, step)), size / 10)} mm   ${pixels}`;
}
