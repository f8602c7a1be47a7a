// The sentences of the scripts. They come with the page, in its language, from
// programs/phone/words.py: no sentence is written in a script.

let sentences;

function read() {
  const element = document.getElementById("words");
  return element ? JSON.parse(element.textContent) : {};
}

function said(value) {
  if (typeof value !== "number") return value;
  return new Intl.NumberFormat(document.documentElement.lang).format(value);
}

/** The sentence of `key` with its `%(name)s` filled in; the `_one` form where `n` is 1. */
export function word(key, values = {}) {
  sentences ??= read();
  const one = values.n === 1 && sentences[`${key}_one`];
  const sentence = one || (sentences[key] ?? key);
  return sentence.replace(/%\((\w+)\)s/g, (whole, name) => said(values[name]) ?? whole);
}
