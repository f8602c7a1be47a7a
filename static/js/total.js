// The live total under a pair of counts: <output class="total" for="ID-WOMEN ID-MEN"
// data-words="… {total} … {women} … {share} …">. Says nothing until both can be read.

const WHOLE = /^(\d+|\d{1,3}(\.\d{3})+)$/;

/** A count as the portal reads it (core/formats.py, parse_count), or null. */
export function readCount(text) {
  const plain = text.replace(/\s/g, "");
  return WHOLE.test(plain) ? Number(plain.replaceAll(".", "")) : null;
}

/** The sentence for these counts, or "" while one of them is unknown. */
export function sentence(words, women, men, language) {
  if (women === null || men === null || women + men === 0) return "";
  const count = new Intl.NumberFormat(language);
  const tenths = Math.floor((2000 * women + women + men) / (2 * (women + men)));
  const number = new Intl.NumberFormat(language, { minimumFractionDigits: 1 }).format(tenths / 10);
  const share = language === "en" ? `${number}%` : `${number} %`;
  return words
    .replace("{total}", count.format(women + men))
    .replace("{women}", count.format(women))
    .replace("{share}", share);
}

for (const output of document.querySelectorAll("output.total[for]")) {
  const [women, men] = [...output.htmlFor].map((id) => document.getElementById(id));
  const show = () => {
    const language = document.documentElement.lang;
    const counts = [readCount(women.value), readCount(men.value)];
    output.textContent = sentence(output.dataset.words, ...counts, language);
  };
  for (const input of [women, men]) input.addEventListener("input", show);
  show();
}
