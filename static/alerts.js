// Improves one thing: who is at the desk hears and sees that somebody new waits, if they switch that on; and on the page of
// one person they learn that another may be in danger. Asking by itself keeps nobody signed in.
(function () {
  "use strict";

  const EVERY = 20e3; // milliseconds
  const useSound = document.getElementById("use-sound");
  const useNotices = document.getElementById("use-notices");
  if (!useSound) return; // a pop-up of the admin

  function remember(box, key, onChange) {
    box.checked = localStorage.getItem(key) === "on";
    box.addEventListener("change", async () => {
      if (box.checked && !(await onChange())) box.checked = false;
      localStorage.setItem(key, box.checked ? "on" : "off");
    });
  }
  remember(useSound, "quietline-sound", () => ring() || true);
  remember(useNotices, "quietline-notices", async () => (await Notification.requestPermission()) === "granted");

  function ring() {
    const sound = new AudioContext();
    const tone = sound.createOscillator();
    const volume = sound.createGain();
    volume.gain.setValueAtTime(0.1, sound.currentTime);
    volume.gain.exponentialRampToValueAtTime(0.001, sound.currentTime + 0.6);
    tone.connect(volume).connect(sound.destination);
    tone.start();
    tone.stop(sound.currentTime + 0.6);
  }

  function tell({ words, isCrisis }) {
    if (useSound.checked) for (let time = 0; time < (isCrisis ? 3 : 1); time += 1) setTimeout(ring, time * 400);
    if (useNotices.checked) new Notification("Quietline desk", { body: words, tag: "queue", renotify: isCrisis });
  }
  document.addEventListener("desk-news", (event) => tell(event.detail));

  // The line is a part of the page that an act in place may have replaced.
  const line = () => document.getElementById("news");
  let isTold = false;

  function show(isCrisis) {
    if (!line()) return;
    line().hidden = !isCrisis;
    if (isCrisis && !isTold) tell({ words: "Crisis words: somebody waits", isCrisis });
    isTold = isCrisis;
  }

  async function look() {
    try {
      const answer = await fetch(line().dataset.address, { headers: { "X-Looks-By-Itself": "yes" }, cache: "no-store" });
      if (answer.ok && !answer.redirected) show((await answer.json()).crisis);
    } catch {
      // The network is away: what was told stays, and the next look tells more.
    }
    setTimeout(look, EVERY);
  }

  document.addEventListener("shown-in-place", () => line() && (line().hidden = !isTold));
  if (line()) look();
})();
