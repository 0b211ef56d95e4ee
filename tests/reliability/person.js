// One move of a slider, timed in the browser: from the event of the hand to the frame that shows the picture of the new
// value, with nothing running any more.

window.person = (() => {
  // Milliseconds: the app says that its script has ended before the browser has drawn all that it sent.
  const LASTS = 500;
  const deep = (root, selector) => {
    const found = root.querySelector(selector);
    if (found) return found;
    for (const { shadowRoot } of root.querySelectorAll("[data-testid=stBidiComponentIsolated]")) {
      const inside = shadowRoot && deep(shadowRoot, selector);
      if (inside) return inside;
    }
    return null;
  };
  const viewer = () => deep(document, ".viewer").dataset;
  const value = (name, kind) => Number(document.querySelector(`[class*='-${name}-${kind}'] input`)?.value);
  const isSteady = () => {
    const { testScriptState, testConnectionState } = document.querySelector("[data-testid=stApp]").dataset;
    return (
      testScriptState === "notRunning" &&
      testConnectionState === "CONNECTED" &&
      !document.querySelector("[data-testid=stSkeleton], [data-stale=true]") &&
      // Meanwhile the picture is that of the lines so far.
      !document.querySelector("[class*=st-key-work-][class*=-cancel]")
    );
  };

  // FNV-1a over the pixels of the last picture, as they are drawn.
  const picture = () => {
    const canvas = [...deep(document, ".viewer").querySelectorAll("canvas.picture")].at(-1);
    const pixels = new Uint32Array(
      canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer,
    );
    return pixels.reduce((hash, pixel) => Math.imul(hash ^ pixel, 16777619), 2166136261) >>> 0;
  };

  let move = null;

  // The box beside a slider is set by the server, so both agree on a value once it has answered for it.
  const arm = name => {
    move = null;
    const before = { value: value(name, "slider"), rev: viewer().rev, painted: viewer().painted };
    const isDone = () =>
      value(name, "slider") !== before.value &&
      Math.abs(value(name, "slider") - value(name, "box")) < 1e-4 &&
      viewer().rev !== before.rev &&
      viewer().painted !== before.painted &&
      isSteady();
    const start = ({ timeStamp }) => {
      const { port1, port2 } = new MessageChannel();
      // When all was done, and when a frame showed it.
      let since = null;
      let shown = null;
      port1.onmessage = () => {
        shown ??= performance.now();
      };
      // Not at each frame: twenty pages that draw frames only to be asked would be the load themselves.
      const looking = setInterval(() => {
        if (!isDone()) {
          since = shown = null;
        } else if (since === null) {
          since = performance.now();
          requestAnimationFrame(() => port2.postMessage(0));
        } else if (shown !== null && performance.now() - since > LASTS) {
          clearInterval(looking);
          move = { ms: shown - timeStamp, value: value(name, "slider"), picture: picture() };
        }
      }, 25);
    };
    document.addEventListener("keydown", start, { capture: true, once: true });
  };

  const state = name => ({
    ...viewer(),
    ...document.querySelector("[data-testid=stApp]").dataset,
    slider: value(name, "slider"),
    box: value(name, "box"),
    working: [...document.querySelectorAll("[class*=st-key-work-]")].map(({ innerText }) => innerText),
  });

  return { arm, state, moved: () => move, value: name => value(name, "slider"), box: name => value(name, "box") };
})();
