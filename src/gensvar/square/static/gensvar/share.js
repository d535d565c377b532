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
    if (document.execCommand("copy")) copied();
  };
  show("copy", () => {
    said.textContent = "";
    if (navigator.clipboard) navigator.clipboard.writeText(field.value).then(copied, byHand);
    else byHand();
  });
  show("print", () => window.print());
  if (navigator.share) {
    show("sheet", () => navigator.share({ title: block.dataset.title, url: field.value }).catch(() => {}));
  }
})();
