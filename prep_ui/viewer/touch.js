// Two fingers on a picture zoom it and move it: what lies between them stays between them.

// Whether this finger is the second one.
function touch(st, slot, event) {
  if (event.pointerType !== "touch") return false;
  st.fingers.set(event.pointerId, fingerOn(slot, event));
  if (st.fingers.size !== 2) return false;
  // The first finger meant to pinch, not to drag a window or a crosshair.
  if (st.editing) show(st, st.waiting ?? st.head);
  const { middle, far } = betweenFingers(st);
  const { left, top, width, height } = placed(st, slot);
  const held = { u: (middle.x - left) / width, v: (middle.y - top) / height };
  st.drag = { pinches: true, slot, held, far, zoom: st.view.zoom };
  return true;
}

function pinch(st, event) {
  const { slot, held, far: first, zoom: before } = st.drag;
  if (!st.fingers.has(event.pointerId)) return;
  st.fingers.set(event.pointerId, fingerOn(slot, event));
  const { middle, far } = betweenFingers(st);
  const zoom = clamp((before * far) / first, 1, MOST_ZOOM);
  const { width, height } = placed(st, slot);
  const grown = zoom / st.view.zoom;
  const { clientWidth, clientHeight } = slot.canvas;
  const x = held.u - (middle.x - clientWidth / 2) / (width * grown);
  const y = held.v - (middle.y - clientHeight / 2) / (height * grown);
  if (!st.voxel) return setView(st, { zoom, x, y });
  st.view = { ...st.view, zoom };
  for (const other of st.slots) setMiddle(st, other, other === slot ? { x, y } : other.middle);
}

function lift(st, event) {
  st.fingers.delete(event.pointerId);
}

function fingerOn({ canvas }, { clientX, clientY }) {
  const { left, top } = canvas.getBoundingClientRect();
  return { x: clientX - left, y: clientY - top };
}

function betweenFingers({ fingers }) {
  const [a, b] = fingers.values();
  return { middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }, far: Math.max(1, Math.hypot(a.x - b.x, a.y - b.y)) };
}
