// The activity form, quicker: "yesterday" at one press, and the question about few women only
// where it applies. Without scripts the date is typed and the question always stands there.

const LINE = 30; // percent of women present below which the reason is asked

const heads = (id) => {
  const text = document.getElementById(id)?.value.replace(/[.\s]/g, "") ?? "";
  return /^\d+$/.test(text) ? Number(text) : null;
};

function fewWomen() {
  const women = heads("id_women_participants");
  const men = heads("id_men_participants");
  return women !== null && men !== null && women + men > 0 && 100 * women < LINE * (women + men);
}

const question = document.querySelector("[data-low-women]");
if (question) {
  const answer = question.querySelector("select");
  const show = () => {
    question.hidden = !fewWomen() && !answer.value && !question.querySelector(".error");
  };
  for (const id of ["id_women_participants", "id_men_participants"]) {
    document.getElementById(id).addEventListener("input", show);
  }
  show();
}

for (const button of document.querySelectorAll("button[data-fill]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const input = document.getElementById(button.dataset.fill);
    input.value = button.dataset.value;
    input.focus();
  });
}
