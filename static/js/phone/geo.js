// "Use the place of this phone" under the two boxes of the point. Asked only when pressed; where the
// phone cannot tell, the boxes stay as they are and may stay empty.

import { word } from "./words.js";

const WAIT = { enableHighAccuracy: true, timeout: 30 * 1000, maximumAge: 60 * 1000 };
/** Degrees with five places, about a metre, and a comma as people here write it. */
const degrees = (value) => value.toFixed(5).replace(".", ",");

/** Puts the button under the two boxes of the point; does nothing where there are none. */
export function offerPlace(form = document) {
  const [latitude, longitude] = ["latitude", "longitude"].map((name) =>
    form.querySelector(`input[name=${name}]:not([type=hidden])`),
  );
  if (!latitude || !longitude || !navigator.geolocation || !isSecureContext) return;
  const button = document.createElement("button");
  const told = document.createElement("p");
  button.type = "button";
  button.className = "button secondary";
  button.textContent = word("place.use");
  told.className = "hint";
  told.setAttribute("role", "status");
  (longitude.closest("[data-point]") ?? longitude).append(button, told);
  button.addEventListener("click", () => fill(button, told, latitude, longitude));
}

async function fill(button, told, latitude, longitude) {
  button.disabled = true;
  told.textContent = word("place.asking");
  try {
    const { coords } = await place();
    latitude.value = degrees(coords.latitude);
    longitude.value = degrees(coords.longitude);
    for (const box of [latitude, longitude]) {
      box.dispatchEvent(new Event("input", { bubbles: true })); // so that the draft is kept
    }
    told.textContent = word("place.found", { n: Math.max(1, Math.round(coords.accuracy)) });
  } catch (trouble) {
    const refused = trouble.code === GeolocationPositionError.PERMISSION_DENIED;
    told.textContent = word(refused ? "place.refused" : "place.unknown");
  } finally {
    button.disabled = false;
  }
}

const place = () =>
  new Promise((found, failed) => navigator.geolocation.getCurrentPosition(found, failed, WAIT));
