// What a person sees, timed in the browser.  Each clock starts with the event of the hand and ends after the frame in
// which the answer is on the screen.

window.probe = (() => {
  const deep = (root, selector) => {
    const found = root.querySelector(selector);
    if (found) return found;
    for (const { shadowRoot } of root.querySelectorAll("[data-testid=stBidiComponentIsolated]")) {
      const inside = shadowRoot && deep(shadowRoot, selector);
      if (inside) return inside;
    }
    return null;
  };
  const viewer = () => deep(document, ".viewer")?.dataset;

  // The middle of the first picture, as it is drawn.
  const pixels = () => {
    const canvas = deep(document, "canvas.picture");
    if (!canvas?.width) return undefined;
    const [x, y] = [canvas.width / 2 - 16, canvas.height / 2 - 16].map(Math.floor);
    return canvas.getContext("2d").getImageData(x, y, 32, 32).data.join();
  };

  const FACTS = {
    painted: () => viewer()?.painted,
    rev: () => viewer()?.rev,
    pixels,
    histograms: () => deep(document, ".histograms")?.dataset.rev,
    answer: () => document.querySelector(".st-key-answer")?.textContent,
    page: () => document.querySelector("[data-testid=stTopNavLink][aria-current=page]")?.textContent,
  };
  const isSteady = () =>
    document.querySelector("[data-testid=stApp]").dataset.testScriptState === "notRunning" &&
    !document.querySelector("[data-testid=stSkeleton], [data-stale=true]");

  // A message is handled after the frame that is being drawn.
  const afterFrame = act => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = act;
    requestAnimationFrame(() => port2.postMessage(0));
  };

  let elapsed = null;

  const arm = ({ event, changes, shows, steady }) => {
    elapsed = null;
    const before = changes.map(name => FACTS[name]());
    const isDone = () =>
      changes.every((name, i) => FACTS[name]() !== before[i]) &&
      shows.every(selector => deep(document, selector)) &&
      (!steady || isSteady());
    const start = ({ timeStamp }) => {
      const look = () => {
        if (isDone()) elapsed = performance.now() - timeStamp;
        else afterFrame(look);
      };
      afterFrame(look);
    };
    document.addEventListener(event, start, { capture: true, once: true });
  };

  let frames = null;

  // Every frame from now on: when it was drawn, whether the picture was painted in it, and how long that took.
  const record = () => {
    const mine = (frames = []);
    let last = FACTS.painted();
    const look = () => {
      if (frames !== mine) return;
      const { painted, paintMs } = viewer();
      mine.push({ at: performance.now(), painted: painted !== last, work: Number(paintMs) });
      last = painted;
      afterFrame(look);
    };
    afterFrame(look);
  };

  const recorded = () => {
    const all = frames;
    frames = null;
    return all;
  };

  return { arm, elapsed: () => elapsed, record, recorded };
})();
