// Swiping: the second picture lies over the first, and a divider uncovers it.

const EDGE = 1e-6; // fractions of a picture within which two rims are the same

function listenToSwipe(st) {
  st.swipe = { on: false, share: 0.5 };
  st.root.querySelector("button.swipe").addEventListener("click", () => toggleSwipe(st));
}

function toggleSwipe(st) {
  if (!overlay(st)) return;
  st.swipe.on = !st.swipe.on;
  layOutSwipe(st);
  setView(st, st.view);
}

// After new pictures came: whether they can lie over each other, and the divider where they do.
function layOutSwipe(st) {
  const button = st.root.querySelector("button.swipe");
  const possible = overlay(st) !== null;
  const on = st.swipe.on && possible;
  button.hidden = st.slots.length < 2 || Boolean(st.head.crosshair);
  button.disabled = !possible;
  button.title = possible ? SWIPE_HELP : "Pictures that do not show the same place cannot lie over each other";
  button.setAttribute("aria-pressed", on);
  st.root.querySelector(".panes").classList.toggle("swiped", on);
  // News must not take the divider out of the hand that holds it.
  if (!on || st.divider?.parentElement !== st.slots[0].box) {
    st.divider?.remove();
    st.divider = on ? makeDivider(st) : null;
  }
  if (on) moveDivider(st, st.swipe.share);
}

const SWIPE_HELP = "Lay the second picture over the first, with a divider that is dragged or moved with arrow keys (key s)";

function makeDivider(st) {
  const divider = document.createElement("div");
  const said = { role: "slider", tabindex: 0, "aria-label": "Divider between both pictures", "aria-valuemin": 0, "aria-valuemax": 100 };
  for (const [name, value] of Object.entries(said)) divider.setAttribute(name, value);
  divider.className = "divider";
  const drag = event => {
    const { left, width } = st.slots[0].box.getBoundingClientRect();
    moveDivider(st, (event.clientX - left) / width);
  };
  divider.addEventListener("pointerdown", event => {
    if (event.button !== 0) return;
    event.preventDefault();
    divider.focus();
    divider.setPointerCapture(event.pointerId);
  });
  divider.addEventListener("pointermove", event => divider.hasPointerCapture(event.pointerId) && drag(event));
  divider.addEventListener("keydown", event => pressDivider(st, event));
  st.slots[0].box.append(divider);
  return divider;
}

const ENDS = { Home: 0, End: 1 };

function pressDivider(st, event) {
  const { key, shiftKey } = event;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (key in ENDS) moveDivider(st, ENDS[key]);
  else if (key in ARROWS) moveDivider(st, st.swipe.share + ((ARROWS[key][0] + ARROWS[key][1]) * (shiftKey ? 10 : 1)) / 100);
  else if (key === "s") {
    toggleSwipe(st);
    st.slots[0].canvas.focus();
  } else return;
  event.preventDefault();
}

function moveDivider(st, share) {
  st.swipe.share = clamp(share, 0, 1);
  const percent = Math.round(100 * st.swipe.share);
  const [one, other] = st.slots.map(({ pane }) => pane.label);
  st.divider.style.left = `${100 * st.swipe.share}%`;
  st.divider.setAttribute("aria-valuenow", percent);
  st.divider.setAttribute("aria-valuetext", `${percent} %: ${one} left of it, ${other} right of it`);
  schedule(st);
}

// The second picture from the divider to the right rim of the first one's canvas.
function drawSwiped(st, context, width, height) {
  const [one, other] = st.slots;
  const { left, top, right, bottom } = overlay(st);
  const at = placed(st, one);
  const from = st.swipe.share * width;
  context.save();
  context.beginPath();
  context.rect(from, 0, width - from, height);
  context.clip();
  context.clearRect(from, 0, width - from, height);
  drawPlane(st, other, context, {
    left: at.left + left * at.width,
    top: at.top + top * at.height,
    width: (right - left) * at.width,
    height: (bottom - top) * at.height,
  });
  context.restore();
}

// Where the second picture lies on the first, in fractions of it; null where it is turned, elsewhere or not there.
function overlay({ slots: [one, other] }) {
  if (!other) return null;
  const sides = ({ pane }) => [pane.rows * pane.stride, pane.cols * pane.stride].join();
  if (!(one.pane.place && other.pane.place) && sides(one) !== sides(other)) return null;
  const [first, along, last] = [[0, 0], [1, 0], [1, 1]].map(([u, v]) => carried({ u, v }, other, one));
  const straight = Math.abs(along.v - first.v) < EDGE && Math.abs(along.u - last.u) < EDGE;
  const ahead = last.u > first.u && last.v > first.v;
  const together = first.u < 1 && first.v < 1 && last.u > 0 && last.v > 0;
  return straight && ahead && together ? { left: first.u, top: first.v, right: last.u, bottom: last.v } : null;
}
