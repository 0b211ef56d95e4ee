// Where a picture lies in space, and which place in one picture is which in another.

const RIMS = ["left", "right", "top", "bottom"];
const STACKS = { Z: "Slice", T: "Frame" };

const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

function pointAt({ origin, down, right }, x, y) {
  return origin.map((start, i) => start + down[i] * y + right[i] * x);
}

function toSpace({ place, cols, rows, stride }, { u, v }) {
  return pointAt(place, u * cols * stride - 0.5, v * rows * stride - 0.5);
}

// The foot of the perpendicular; rows and columns need not be at right angles.
function fromSpace({ place: { origin, down, right }, cols, rows, stride }, point) {
  const away = point.map((value, i) => value - origin[i]);
  const [a, b, c] = [dot(right, right), dot(right, down), dot(down, down)];
  const [p, q] = [dot(away, right), dot(away, down)];
  const area = a * c - b * b;
  const [x, y] = [(p * c - q * b) / area, (q * a - p * b) / area];
  return { u: (x + 0.5) / (cols * stride), v: (y + 0.5) / (rows * stride) };
}

// A place of one slot's picture on another's: the same place in space where both say where they are.
function carried(spot, from, to) {
  if (from === to || !from.pane.place || !to.pane.place) return spot;
  return fromSpace(to.pane, toSpace(from.pane, spot));
}

function spotOn(st, slot) {
  return st.voxel ? meetingOn(st, slot) : st.spot && carried(st.spot, st.spot.slot, slot);
}

function isWithin({ u, v }) {
  return u >= 0 && u < 1 && v >= 0 && v < 1;
}

// The centre of a pixel: in patient space, else along the picture; nothing where no millimetres are known.
function positionText(place, x, y) {
  if (!place?.known) return "";
  const [height, width] = [place.down, place.right].map(step => Math.sqrt(dot(step, step)));
  const tenth = Math.min(height, width) / 10;
  const numbers = place.letters ? pointAt(place, x, y) : [x * width, y * height];
  return `${place.letters ? "LPS " : ""}(${numbers.map(value => figures(value, tenth)).join(", ")}) mm`;
}

function labelRims({ box, pane }) {
  const letters = pane.place?.letters ?? "";
  RIMS.forEach((rim, i) => {
    const label = box.querySelector(`.rim.${rim}`);
    label.hidden = !letters;
    label.textContent = letters[i] ?? "";
  });
}

function rimsInWords({ place }) {
  return place?.letters ? "; " + RIMS.map((rim, i) => `${rim} ${place.letters[i]}`).join(", ") : "";
}

function stackText({ axis, size }, index) {
  return `${STACKS[axis]} ${index} / ${size - 1}`;
}
