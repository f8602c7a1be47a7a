// The phone in one script: every page of the field and every shell begins here.

import { follow as keepBarTrue } from "./bar.js";
import { install } from "./install.js";
import { guard } from "./logout.js";
import { callBack, register } from "./register.js";
import { QUEUED } from "./row.js";
import { start } from "./sender.js";
import { follow } from "./update.js";

// What each page runs besides, by the name its body carries.
const PAGES = {
  account: () => import("./account.js"),
  counter: () => import("./counter.js"),
  help: () => import("./help.js"),
  home: () => import("./home.js"),
  outbox: () => import("./outbox-page.js"),
  receipt: () => import("./receipt.js"),
  record: () => import("./record.js"),
  records: () => import("./lists.js"),
};

async function run(page) {
  if (page) await (await page()).start();
  performance.mark("usable"); // what `make bench` waits for
}

guard();
install();
// What she looks at comes first; what she need not wait for, after it.
const page = run(PAGES[document.body.dataset.phone]).catch((trouble) => console.error(trouble));
page.then(() => {
  keepBarTrue();
  start();
  register().then((registration) => {
    follow(registration);
    window.addEventListener(QUEUED, () => callBack(registration));
  });
});
