// What pages do a little better with scripts: new messages by themselves, reading aloud, and the first error in view.
"use strict";

const talk = document.getElementById("talk");

function readAloud(scope) {
  if (!("speechSynthesis" in window)) return;
  for (const button of scope.querySelectorAll(".aloud")) {
    const label = button.textContent;
    button.hidden = false;
    button.addEventListener("click", () => {
      const reading = button.textContent !== label;
      speechSynthesis.cancel();
      if (reading) return;
      const words = new SpeechSynthesisUtterance(button.closest(".message").querySelector(".said").innerText);
      words.lang = document.documentElement.lang;
      words.onend = words.onerror = () => { button.textContent = label; };
      button.textContent = button.dataset.stop;
      speechSynthesis.speak(words);
    });
  }
}

function words(message) {
  return message.querySelector(".said").textContent.trim();
}

async function refresh() {
  const answer = await fetch("/talk", { headers: { accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("talk");
  if (!fresh) return;
  // Only what is new is added, so that it alone is announced; a message that says something else now is replaced,
  // unless somebody is busy with it. Everything else keeps what was ticked and typed in it.
  talk.querySelector(".message:not([data-id])")?.remove();
  document.getElementById("latest")?.removeAttribute("id");
  for (const message of [...fresh.querySelectorAll(".message[data-id]")]) {
    const shown = talk.querySelector(`.message[data-id="${message.dataset.id}"]`);
    if (!shown) talk.append(message);
    else if (words(shown) !== words(message) && !shown.contains(document.activeElement)) shown.replaceWith(message);
    else continue;
    readAloud(message);
  }
  talk.lastElementChild?.setAttribute("id", "latest");
  talk.dataset.last = fresh.dataset.last;
}

if (talk) {
  readAloud(talk);
  const events = new EventSource("/events");
  events.addEventListener("message", (event) => {
    if (event.data !== talk.dataset.last) refresh();
  });
}

document.getElementById("summary")?.focus();
