/* The parts of the share block that need a script: copying, printing and the device's own share sheet. Without it they are not shown. */
(() => {
  const block = document.querySelector("[data-share]");
  if (!block) return;
  const field = block.querySelector("input");
  const said = block.querySelector("[role=status]");
  const show = (name, act) => {
    const button = block.querySelector(`[data-act=${name}]`);
    button.hidden = false;
    button.addEventListener("click", act);
  };
  const copied = () => { said.textContent = block.dataset.copied; };
  const byHand = () => {
    field.select();
    said.textContent = document.execCommand("copy") ? block.dataset.copied : block.dataset.marked;
  };
  const copy = () => {
    said.textContent = "";
    if (navigator.clipboard) navigator.clipboard.writeText(field.value).then(copied, byHand);
    else byHand();
  };
  show("copy", copy);
  show("print", () => window.print());
  /* Whoever closes the sheet, or presses twice, has chosen so and is told nothing; where the device refuses, the address is
     copied instead and it is said (Web Share API, 2.1.2). */
  const wished = ["AbortError", "InvalidStateError"];
  if (navigator.share) {
    const words = { title: block.dataset.title, url: field.value };
    show("sheet", () => navigator.share(words).catch((fault) => wished.includes(fault.name) || copy()));
  }
})();
