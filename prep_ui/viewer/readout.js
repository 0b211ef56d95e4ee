// The line under the pictures: where the pointer is, and which values lie there in every picture.

function writeReadout(st) {
  const tool = st.tool && (st.laid || !st.spot);
  const values = st.voxel ? meetingTexts : valuesAt;
  const words = tool ? [toolInWords(st)] : st.spot || st.voxel ? values(st) : [hint(st.head)];
  const parts = words.map(text => Object.assign(document.createElement("span"), { textContent: text }));
  st.root.querySelector(".readout").replaceChildren(...parts);
}

function hint({ window, slices }) {
  const words = [];
  if (slices) words.push(`wheel: ${STACKS[slices.axis].toLowerCase()}`);
  if (window) words.push("drag: width and center");
  words.push(`${window ? "shift + drag" : "drag"}: move`, "ctrl + wheel: zoom");
  return words.join("   ");
}

function valuesAt(st) {
  const [slot] = st.slots;
  const { pane } = slot;
  const { u, v } = spotOn(st, slot);
  const [x, y] = [Math.floor(u * pane.cols) * pane.stride, Math.floor(v * pane.rows) * pane.stride];
  const { slices } = st.head;
  const depth = slices ? `, ${slices.axis.toLowerCase()} ${indexOf(st, slot)}` : "";
  const every = pane.stride > 1 ? ` (every ${ordinal(pane.stride)} pixel)` : "";
  const values = st.slots.map(other => `${other.pane.label} ${valueAt(st, other)}`);
  return [`x ${x}, y ${y}${depth}${every}`, positionText(pane.place, x, y), ...values].filter(Boolean);
}

const BANDS = ["red", "green", "blue"];

function valueAt(st, slot) {
  const spot = spotOn(st, slot);
  if (isBehind(st, slot)) return "catching up";
  if (!isWithin(spot)) return "outside";
  const { pane, transfer } = source(st, slot);
  const i = Math.floor(spot.v * pane.rows) * pane.cols + Math.floor(spot.u * pane.cols);
  if (pane.colour) return BANDS.map((band, at) => `${band} ${pane.pixels[at * pane.rows * pane.cols + i]}`).join(", ");
  if (pane !== slot.pane) return figures(clamp(transfer(pane.pixels[i]), 0, 1), 0.001);
  const value = pane.pixels[i];
  return withUnit(figures(value, pane.dtype === "float32" ? fineStep(value, pane) : 1), pane.unit);
}

// A thousandth of the range, or finer where the value is small: three of its digits are always told.
function fineStep(value, { low, high }) {
  const coarse = (high - low) / 1000 || 1;
  return value ? Math.min(coarse, 10 ** (Math.floor(Math.log10(Math.abs(value))) - 2)) : coarse;
}
