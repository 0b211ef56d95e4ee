// The handle of one card: drag it, or take it and use the keys.  The server hears of a move once, when the card is dropped.

const HANDLES = new WeakMap();
const CARD = '[class*="st-key-card-"]';
const LIST = '[class*="st-key-tune-cards"]';
const A_DRAG = 4; // pixels; less is a click
const EDGE = 56; // pixels from the border of the page where a drag begins to scroll it
const LONGEST_WAIT = 3000; // ms after which cards go back, should no answer come

let dropped = null; // the card that was dropped last, so that its handle finds the focus in its new place

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  let st = HANDLES.get(parentElement);
  if (!st) {
    st = mount(parentElement.querySelector(".handle"));
    HANDLES.set(parentElement, st);
  }
  if (st.data && (st.data.place !== data.place || st.data.uid !== data.uid)) release(st);
  st.data = data;
  st.send = to => setTriggerValue("moved", { to });
  name(st);
  if (dropped?.uid === data.uid && dropped.to === data.place) land(st);
  return () => {
    release(st);
    HANDLES.delete(parentElement);
  };
}

function mount(root) {
  const st = { root, button: root.querySelector(".take"), steps: root.querySelector(".steps"), taken: null };
  const { button } = st;
  button.addEventListener("pointerdown", event => grip(st, event));
  button.addEventListener("pointermove", event => pull(st, event));
  button.addEventListener("pointerup", () => st.grip && (st.taken?.pulled ? drop(st, false) : (st.grip = null)));
  button.addEventListener("pointercancel", () => putBack(st));
  button.addEventListener("click", () => click(st));
  button.addEventListener("keydown", event => key(st, event));
  button.addEventListener("blur", () => !st.sent && putBack(st));
  for (const [name, by] of [["up", -1], ["down", 1]]) {
    const step = root.querySelector(`.${name}`);
    step.addEventListener("pointerdown", event => event.preventDefault()); // the focus stays on the handle
    step.addEventListener("click", () => moveTo(st, st.taken.to + by));
  }
  return st;
}

function name(st) {
  const { name, place, of } = st.data;
  st.button.setAttribute("aria-label", `Move ${name}, place ${place + 1} of ${of}`);
  st.button.title = "Drag to another place. Or press space to take the line, arrow keys to move it, space to drop it.";
}

function say(st, words) {
  st.root.querySelector(".said").textContent = words;
}

// Where all cards are, at the moment one is taken.
function take(st, pulled) {
  const card = st.root.getRootNode().host.closest(CARD);
  const list = card.closest(LIST);
  const cards = [...list.querySelectorAll(CARD)];
  const boxes = cards.map(each => each.parentElement);
  const spots = boxes.map(box => box.getBoundingClientRect());
  const from = cards.indexOf(card);
  const gap = spots.length > 1 ? spots[1].top - spots[0].bottom : 0;
  st.taken = { boxes, spots, from, to: from, gap, pulled, shift: 0, list };
  st.button.setAttribute("aria-pressed", "true");
  st.steps.hidden = pulled;
}

function click(st) {
  if (st.clicked === false) {
    st.clicked = undefined; // the end of a drag is no click
    return;
  }
  if (st.taken) {
    drop(st, true);
    return;
  }
  take(st, false);
  arrange(st);
  say(st, `${st.data.name} taken, place ${st.data.place + 1} of ${st.data.of}. Arrow keys move it, space drops it, Escape puts it back.`);
}

function key(st, event) {
  if (!st.taken) return;
  const last = st.data.of - 1;
  const to = { ArrowUp: st.taken.to - 1, ArrowDown: st.taken.to + 1, Home: 0, End: last }[event.key];
  if (to === undefined && event.key !== "Escape") return;
  event.preventDefault();
  event.stopPropagation();
  if (event.key === "Escape") putBack(st);
  else moveTo(st, to);
}

function moveTo(st, to) {
  const { taken } = st;
  taken.to = Math.min(Math.max(to, 0), st.data.of - 1);
  taken.shift = landing(taken);
  arrange(st);
  say(st, `Place ${taken.to + 1} of ${st.data.of}.`);
}

function grip(st, event) {
  if (event.button !== 0 || st.taken) return;
  st.clicked = undefined;
  st.scroller = st.root.getRootNode().host.closest('[data-testid="stMain"]');
  st.grip = { y: event.clientY, scrolled: st.scroller.scrollTop };
  st.button.setPointerCapture(event.pointerId);
}

function pull(st, event) {
  if (!st.grip) return;
  st.grip.now = event.clientY;
  if (!st.taken && Math.abs(event.clientY - st.grip.y) > A_DRAG) {
    take(st, true);
    scrollAtTheEdge(st);
  }
  if (st.taken) follow(st);
}

function follow(st) {
  const { taken, grip } = st;
  taken.shift = grip.now - grip.y + st.scroller.scrollTop - grip.scrolled;
  const middle = box => (box.top + box.bottom) / 2;
  const at = middle(taken.spots[taken.from]) + taken.shift;
  taken.to = taken.spots.filter((spot, i) => i !== taken.from && middle(spot) < at).length;
  arrange(st);
}

function scrollAtTheEdge(st) {
  if (!st.grip || !st.taken) return;
  const { top, bottom } = st.scroller.getBoundingClientRect();
  const beyond = Math.min(st.grip.now - top - EDGE, 0) || Math.max(st.grip.now - bottom + EDGE, 0);
  if (beyond) {
    st.scroller.scrollTop += beyond / 4;
    follow(st);
  }
  st.frame = requestAnimationFrame(() => scrollAtTheEdge(st));
}

// How far the taken card has to go to stand at its new place.
function landing({ spots, from, to, gap }) {
  const passed = to > from ? spots.slice(from + 1, to + 1) : spots.slice(to, from);
  const length = passed.reduce((sum, spot) => sum + spot.height + gap, 0);
  return to > from ? length : -length;
}

function arrange(st) {
  const ground = getComputedStyle(st.root).getPropertyValue("--st-background-color"); // unknown outside of components
  const { boxes, spots, from, to, gap, shift, pulled } = st.taken;
  const step = spots[from].height + gap;
  boxes.forEach((box, i) => {
    const aside = i > from && i <= to ? -step : i < from && i >= to ? step : 0;
    const by = i === from ? shift : aside;
    box.style.transform = by ? `translateY(${by}px)` : "";
    box.style.transition = (i === from && pulled) || still() ? "" : "transform 120ms";
    if (i === from) Object.assign(box.style, { zIndex: "5", position: "relative", boxShadow: "0 2px 12px rgb(0 0 0 / 35%)", background: ground });
  });
}

function still() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

function drop(st, byKey) {
  const { taken } = st;
  st.clicked = byKey ? undefined : false;
  st.grip = null;
  if (taken.to === taken.from) {
    putBack(st);
    return;
  }
  taken.pulled = false;
  taken.shift = landing(taken);
  arrange(st); // the cards wait in their new places for the answer
  st.steps.hidden = true;
  st.sent = true;
  dropped = { uid: st.data.uid, to: taken.to, byKey };
  st.send(taken.to);
  st.timer = setTimeout(() => release(st), LONGEST_WAIT);
}

function putBack(st) {
  if (!st.taken) {
    st.grip = null;
    return;
  }
  release(st);
  say(st, `${st.data.name} stays at place ${st.data.place + 1} of ${st.data.of}.`);
}

// Let go of the card, wherever it is, and leave no trace on any.
function release(st) {
  clearTimeout(st.timer);
  cancelAnimationFrame(st.frame);
  for (const box of st.taken?.boxes ?? []) {
    for (const property of ["transform", "transition", "z-index", "position", "box-shadow", "background"]) box.style.removeProperty(property);
  }
  Object.assign(st, { taken: null, grip: null, sent: false });
  st.steps.hidden = true;
  st.button.setAttribute("aria-pressed", "false");
}

// The card stands where it was dropped.
function land(st) {
  if (dropped.byKey) st.button.focus();
  say(st, `${st.data.name} is now at place ${st.data.place + 1} of ${st.data.of}.`);
  dropped = null;
}
