// Photos made small enough for a weak signal. What comes out was drawn anew, so the place and the
// maker's notes of the original are gone; the original is kept nowhere.

import { sha256 } from "./row.js";

/** Longest edges in pixels, from the first try to the last. */
export const EDGES = [1280, 1024, 640];
const QUALITIES = [0.72, 0.6, 0.5];
const WISHED = 200_000; // bytes
const MOST = 400_000;
const FOR_TEXT = 200_000; // always left free
const FULL = 0.9;

/** Not a picture, or more of one than this phone can open. */
export class Unreadable extends Error {}

// The size comes from the head of the file: only then is it decoded, at the size wanted.
async function sizeOf(file) {
  const image = new Image();
  const url = URL.createObjectURL(file);
  try {
    await new Promise((resolve, reject) => {
      image.onload = resolve;
      image.onerror = reject;
      image.src = url;
    });
    return [image.naturalWidth, image.naturalHeight];
  } finally {
    URL.revokeObjectURL(url);
  }
}

async function drawn(file, edge) {
  const [wide, high] = await sizeOf(file);
  const scale = Math.min(1, edge / Math.max(wide, high));
  const [width, height] = [wide, high].map((side) => Math.max(1, Math.round(side * scale)));
  const wish = { resizeWidth: width, resizeHeight: height, resizeQuality: "medium" };
  const bitmap = await createImageBitmap(file, wish);
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const pen = canvas.getContext("2d", { alpha: false });
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, width, height);
  pen.drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvas;
}

const jpeg = (canvas, quality) =>
  new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));

async function within(file, edge) {
  const canvas = await drawn(file, edge);
  let blob;
  for (const quality of QUALITIES) {
    blob = await jpeg(canvas, quality);
    if (!blob) throw new Unreadable();
    if (blob.size <= WISHED) break;
  }
  return { blob, width: canvas.width, height: canvas.height };
}

const base64 = (bytes) => btoa(String.fromCharCode(...bytes));

/**
 * A JPEG of `file`, longest edge at most `edge` pixels and at most 400 kB:
 * {blob, digest (SHA-256, base64), size, width, height, edge}. Throws Unreadable.
 */
export async function shrink(file, edge = EDGES[0]) {
  try {
    for (const step of EDGES.filter((one) => one <= edge)) {
      const made = await within(file, step);
      if (made.blob.size > MOST && step !== EDGES.at(-1)) continue;
      const digest = base64(await sha256(await made.blob.arrayBuffer()));
      return { ...made, digest, size: made.blob.size, edge: step };
    }
  } catch {
    // not a picture, or no memory for it: the person chooses another
  }
  throw new Unreadable();
}

/** {used, quota} in bytes; `full`: photos are refused, text still has its place. */
export async function room() {
  const { usage = 0, quota = Infinity } = (await navigator.storage?.estimate?.()) ?? {};
  return { used: usage, quota, full: usage >= FULL * quota || quota - usage < FOR_TEXT };
}
