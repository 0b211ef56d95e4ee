// The histograms as they are on the screen, saved as one SVG drawing or PNG picture.

const SCALE = 3; // pixels of the PNG for each pixel of the screen; enough for print
const GAP = 14;

function listenToSave(st) {
  for (const button of st.root.querySelectorAll(".save")) {
    button.addEventListener("click", () => save(st, button.dataset.format));
  }
}

async function save(st, format) {
  const { text, width, height } = together(st);
  const drawing = new Blob([text], { type: "image/svg+xml" });
  download(format === "svg" ? drawing : await pixels(drawing, width, height), `${st.head.name}.${format}`);
}

function together({ root, plots, theme }) {
  const ground = getComputedStyle(root).getPropertyValue("--st-background-color").trim() || "#ffffff";
  const width = plots.reduce((sum, { place }) => sum + place.width + GAP, GAP);
  const height = Math.max(...plots.map(({ place }) => place.height)) + 2 * GAP;
  let left = GAP;
  const parts = plots.map(({ svg, place }) => {
    const part = `<g transform="translate(${left} ${GAP})">${svg.innerHTML}</g>`;
    left += place.width + GAP;
    return part;
  });
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  const text = `<svg xmlns="http://www.w3.org/2000/svg" ${size}><rect width="100%" height="100%" fill="${ground}"/>${parts.join("")}</svg>`;
  return { text, width, height };
}

async function pixels(drawing, width, height) {
  const url = URL.createObjectURL(drawing);
  const image = new Image();
  image.src = url;
  await image.decode();
  URL.revokeObjectURL(url);
  const canvas = Object.assign(document.createElement("canvas"), { width: width * SCALE, height: height * SCALE });
  const context = canvas.getContext("2d");
  context.scale(SCALE, SCALE);
  context.drawImage(image, 0, 0, width, height);
  return new Promise(done => canvas.toBlob(done, "image/png"));
}

function download(blob, name) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  // The browser reads the address after the click has returned.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
