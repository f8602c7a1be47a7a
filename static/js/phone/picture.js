// The receipt as a picture: drawn by hand, so that it can be kept or sent without signal.

const [WIDTH, MARGIN] = [720, 40]; // pixels
const INK = "#1b2322";
const MUTED = "#53605d";
const ACCENT = "#0b5a52";
const font = (size, weight = 400) => `${weight} ${size}px system-ui, sans-serif`;

function wrapped(pen, text) {
  const lines = [];
  for (const one of text.split(/\s+/)) {
    const longer = lines.length ? `${lines.at(-1)} ${one}` : one;
    if (lines.length && pen.measureText(longer).width <= WIDTH - 2 * MARGIN) lines[lines.length - 1] = longer;
    else lines.push(one);
  }
  return lines;
}

// What stands on the card, from top to bottom: [text, size, weight, colour, room above].
function parts({ title, tag, says, number, lines }) {
  return [
    ["Portal PUG", 24, 700, ACCENT, 0],
    [title, 36, 700, INK, 12],
    ...(number ? [[number, 40, 700, ACCENT, 28]] : []),
    [tag, 26, 700, INK, 24],
    [says, 24, 400, INK, 8],
    ...lines.flatMap(([label, text]) => [
      [label, 20, 400, MUTED, 24],
      [text, 26, 400, INK, 4],
    ]),
  ].filter(([text]) => text);
}

/** A PNG of the receipt: {title, tag, says, number, lines: [[label, text]]}. */
export function drawn(facts) {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  let y = MARGIN + 16;
  const rows = parts(facts).flatMap(([text, size, weight, colour, above]) => {
    pen.font = font(size, weight);
    y += above;
    return wrapped(pen, text).map((line) => {
      y += Math.round(size * 1.35);
      return [line, y, size, weight, colour];
    });
  });
  canvas.width = WIDTH;
  canvas.height = y + MARGIN;
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, WIDTH, canvas.height);
  pen.fillStyle = ACCENT;
  pen.fillRect(0, 0, WIDTH, 12);
  for (const [line, at, size, weight, colour] of rows) {
    pen.font = font(size, weight);
    pen.fillStyle = colour;
    pen.fillText(line, MARGIN, at);
  }
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}
