// Recording an answer in the page. Nothing leaves the browser before the form is sent; without this script, or where the
// microphone is not to be had, a recording can be chosen as a file.
"use strict";

const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];

function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function prepare(place) {
  const part = (name) => place.querySelector(name);
  const [button, state, made, file] = [".record", ".state", ".made", "input[type=file]"].map(part);
  const [audio, seconds] = [part("audio"), part("input[type=hidden]")];
  const label = button.textContent;
  let recorder = null;

  function drop() {
    file.value = seconds.value = state.textContent = "";
    made.hidden = true;
    URL.revokeObjectURL(audio.src);
    audio.removeAttribute("src");
  }

  function keep(chunks, type, length) {
    const sound = new File(chunks, "answer", { type });
    const holder = new DataTransfer();
    holder.items.add(sound);
    file.files = holder.files;
    seconds.value = Math.max(1, length);
    audio.src = URL.createObjectURL(sound);
    made.hidden = false;
    state.textContent = place.dataset.ready;
  }

  async function record() {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const chunks = [];
    const type = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: 32000 });
    const began = Date.now();
    const passed = () => Math.round((Date.now() - began) / 1000);
    const ticking = setInterval(() => {
      state.textContent = `${place.dataset.going} ${clock(passed())}`;
      if (passed() >= Number(place.dataset.longest)) recorder.stop();
    }, 1000);
    recorder.addEventListener("dataavailable", (event) => chunks.push(event.data));
    recorder.addEventListener("stop", () => {
      clearInterval(ticking);
      for (const track of stream.getTracks()) track.stop();
      keep(chunks, recorder.mimeType, passed());
      recorder = null;
      button.textContent = label;
    });
    recorder.start();
    state.textContent = `${place.dataset.going} 0:00`;
    button.textContent = button.dataset.stop;
  }

  button.hidden = false;
  part(".drop").addEventListener("click", () => { drop(); button.focus(); });
  file.addEventListener("change", () => { seconds.value = ""; });
  button.addEventListener("click", () => {
    if (recorder) { recorder.stop(); return; }
    drop();
    record().catch(() => { recorder = null; state.textContent = place.dataset.refused; });
  });
}

if (navigator.mediaDevices && window.MediaRecorder) {
  for (const place of document.querySelectorAll(".speak")) prepare(place);
}
