// The menu in which the colours of the picture are chosen.

function listenToDisplay(st) {
  const { root } = st;
  const menu = root.querySelector(".menu");
  const [button, card, map] = [".display", ".card", ".map"].map(name => menu.querySelector(name));
  map.replaceChildren(...Object.keys(MAPS).map(name => new Option(name, name)));
  const open = yes => {
    card.hidden = !yes;
    button.setAttribute("aria-expanded", yes);
  };
  button.addEventListener("click", () => open(card.hidden));
  menu.addEventListener("keydown", event => {
    if (event.key !== "Escape") return;
    open(false);
    button.focus();
  });
  root.addEventListener("pointerdown", event => menu.contains(event.target) || open(false));
  const on = (name, read) => {
    card.querySelector(`.${name}`).addEventListener("input", event => setDisplay(st, { [name]: read(event.target.value) }));
  };
  on("map", String);
  on("ends", String);
  on("gamma", power => Number((2 ** power).toPrecision(2)));
  on("decibel", Number);
  on("floor", Number);
  card.querySelector(".as-it-is").addEventListener("click", () => setDisplay(st, AS_IT_IS));
}

function setDisplay(st, changed) {
  st.display = { ...st.display, ...changed };
  writeDisplay(st);
  for (const slot of st.slots) describeSlot(st, slot);
  repaint(st);
}

function writeDisplay({ root, display, slots }) {
  const { map, ends, gamma, decibel, floor } = display;
  const find = name => root.querySelector(`.card .${name}`);
  const possible = slots.some(hasDecibels);
  find("map").value = map;
  find("ends").value = ends;
  find("ends").disabled = !slots.some(hasOwnLimits);
  find("gamma").value = Math.log2(gamma);
  find("gamma-value").textContent = gamma;
  find("decibel").value = decibel;
  find("decibel").disabled = !possible;
  find("floor").value = floor;
  find("floor").disabled = !possible || !decibel;
  find("floor-value").textContent = `${floor} dB`;
  const changed = map !== AS_IT_IS.map || ends !== AS_IT_IS.ends || gamma !== AS_IT_IS.gamma || (possible && decibel > 0);
  root.querySelector(".display").classList.toggle("changed", changed);
}
