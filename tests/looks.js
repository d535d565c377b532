// What tests/looks.py asks in the page, beside axe-core: what differs from what was judged, and what no rule of axe-core sees.
// Which rule is asked again, when and why: docs/why/decisions.md, 79.
window.looks = (() => {
  const passed = new Set(); // colours that lie over each other as axe-core found them good, on any page before
  const untold = []; // those of them that the one who asks does not know yet
  let asked = new Set(); // an element with its colours, and a set of what is visible, as they were judged on this page
  let sizes = new Map(); // of letters, before text was made larger
  const seen = (one) => one.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true });
  const clear = (colour) => /^rgba\(.*, 0\)$|^transparent$|\/ 0\)$/.test(colour);
  const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0.5 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.5;
  const place = (rects) => rects.map((rect) => [rect.left, rect.top, rect.right, rect.bottom].map(Math.round).join()).join("/");
  const within = (a, b) => a.left > b.left - 1 && a.right < b.right + 1 && a.top > b.top - 1 && a.bottom < b.bottom + 1;
  const unseen = (one) => one !== document.body && one && ((one.clientWidth < 2 && getComputedStyle(one).overflow !== "visible" && getComputedStyle(one).display !== "inline") || unseen(one.parentElement));
  const name = (one) => one.outerHTML.slice(0, 120);
  const TARGETS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex], [role]";
  const LATER = ["color-contrast", "link-in-text-block", "scrollable-region-focusable"];
  let known = new Set(); // elements whose colours were found good, as they lie there now, on this page or any before
  const contrast = axe._audit.rules.find((rule) => rule.id === "color-contrast"), matches = contrast.matches;
  contrast.matches = (element, ...more) => !known.has(element) && matches.call(contrast, element, ...more);

  // The words on the screen: each element that has some of its own, and where they stand.
  function words() {
    const found = new Map();
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    while (walk.nextNode()) {
      const node = walk.currentNode, one = node.parentElement;
      if (!node.data.trim() || !seen(one) || unseen(one)) continue;
      range.selectNodeContents(node);
      found.set(one, [...(found.get(one) || []), ...range.getClientRects()]);
    }
    for (const one of document.querySelectorAll("input:not([type=hidden]), select, textarea")) if (seen(one)) found.set(one, [one.getBoundingClientRect()]);
    return found;
  }

  // All that axe-core reckons contrast from, for every element with words, and whether anything may lie between.
  function colours(text) {
    const styles = new Map(), chains = new Map(), painted = [];
    const style = (one) => styles.get(one) || styles.set(one, getComputedStyle(one)).get(one);
    const beside = (one, part) => {
      const look = getComputedStyle(one, part);
      return look.content !== "none" && (!clear(look.backgroundColor) || look.backgroundImage !== "none");
    };
    for (const one of document.body.querySelectorAll("*")) {
      const look = style(one);
      const paints = !clear(look.backgroundColor) || look.backgroundImage !== "none" || one.matches("img, svg, video, canvas, iframe");
      if (paints && seen(one)) painted.push([one, look.display === "inline" ? [...one.getClientRects()] : [one.getBoundingClientRect()]]);
    }
    const chain = (one) => {
      if (!one) return "";
      if (chains.has(one)) return chains.get(one);
      const look = style(one);
      const own = [look.backgroundColor, look.backgroundImage, look.opacity, look.filter, look.mixBlendMode, beside(one, "::before"), beside(one, "::after")].join();
      const empty = clear(look.backgroundColor) && own.endsWith(",none,1,none,normal,false,false");
      return chains.set(one, chain(one.parentElement) + (empty ? "" : `>${own}`)).get(one);
    };
    return [...text].map(([one, rects]) => {
      const look = style(one), size = parseFloat(look.fontSize);
      const large = Math.ceil(size * 72) / 96 >= (Number(look.fontWeight) >= 700 ? 14 : 18);
      const key = [look.color, look.textShadow, look.webkitTextStrokeWidth, chain(one)].join(";");
      const foreign = painted.filter(([box, at]) => box !== one && (box.contains(one)
        ? rects.some((rect) => !at.some((edge) => within(rect, edge)))
        : at.some((edge) => rects.some((rect) => meet(rect, edge)))));
      if (!foreign.length) return { one, key: `${key};${large}`, as: [`${key};${large}`, `${key};false`] };
      const where = foreign.map(([box, at]) => chain(box) + place(at));
      return { one, key: [key, large, place(rects), ...where].join(";"), as: [], alone: true };
    });
  }

  // Links among other words that are told from these by colour alone, or by something else than a line below.
  function links() {
    return [...document.querySelectorAll("a[href], [role=link]")].filter(seen).flatMap((one) => {
      let block = one, key = "";
      do {
        const look = getComputedStyle(block);
        key += [look.color, look.backgroundColor, look.backgroundImage, look.textDecorationLine, look.fontWeight, look.fontStyle, look.borderBottom, look.display, parseFloat(look.fontSize) / parseFloat(getComputedStyle(document.body).fontSize)].join();
        block = block.parentElement;
      } while (block && getComputedStyle(block).display.startsWith("inline"));
      const others = [...block.querySelectorAll("a[href], [role=link]")].reduce((text, link) => text.replace(link.textContent, ""), block.textContent);
      const lined = getComputedStyle(one).textDecorationLine.includes("underline") && !getComputedStyle(block).textDecorationLine.includes("underline");
      return others.trim() && !lined ? [{ one, key: `link;${key}` }] : [];
    });
  }

  // What is smaller than a target must be, or lies on another one.
  function small() {
    const all = [...document.querySelectorAll(TARGETS)].filter((one) => one.checkVisibility({ checkVisibilityCSS: true }));
    const at = all.map((one) => one.getBoundingClientRect());
    return all.filter((one, i) => at[i].width < 24.5 || at[i].height < 24.5 || getComputedStyle(one).display === "inline"
      || all.some((other, j) => i !== j && !one.contains(other) && !other.contains(one) && meet(at[i], at[j])));
  }

  // Which elements are there, on the screen and for those who listen.
  function there() {
    return [...document.querySelectorAll("body *")].map((one) => {
      if (!one.checkVisibility({ checkVisibilityCSS: true })) return 0;
      const box = one.getBoundingClientRect();
      return box.width < 2 || box.height < 2 ? 1 : box.right < 1 || box.bottom + scrollY < 1 || box.left > innerWidth ? 2 : 3;
    }).join("");
  }

  const scrolls = (one) => {
    const look = getComputedStyle(one);
    return (one.scrollWidth > one.clientWidth && /auto|scroll/.test(look.overflowX)) || (one.scrollHeight > one.clientHeight && /auto|scroll/.test(look.overflowY));
  };

  // What is cut off, lies on other words or does not grow, which no rule of axe-core sees.
  function laidOut(text, larger) {
    const faults = [], root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) faults.push(`wider than the screen: ${root.scrollWidth} pixels`);
    const lines = [];
    for (const [one, rects] of text) {
      const size = parseFloat(getComputedStyle(one).fontSize);
      if (larger && size < 1.5 * sizes.get(one)) faults.push(`letters of ${size} pixels, ${sizes.get(one)} before: ${name(one)}`);
      if (!larger) sizes.set(one, size);
      let hidden = false, moves = false; // what is typed moves along in its field
      for (let box = one; box && box !== document.body; box = box.parentElement) {
        const look = getComputedStyle(box), edge = box.getBoundingClientRect();
        hidden ||= look.clipPath !== "none" || (look.overflow !== "visible" && (edge.width < 2 || edge.height < 2)) || (box === one && edge.bottom + scrollY < 1);
        if (/auto|scroll/.test(look.overflowX + look.overflowY)) moves = true;
        const cut = (/hidden|clip/.test(look.overflowX) && box.scrollWidth > box.clientWidth + 1) || (/hidden|clip/.test(look.overflowY) && box.scrollHeight > box.clientHeight + 1);
        if (!hidden && !moves && cut && !box.matches("input, select, textarea")) faults.push(`cut off: ${name(box)}`);
      }
      if (hidden || moves || one.matches("input, select, textarea, option")) continue;
      if (rects.some((rect) => rect.right > root.clientWidth + 1 || rect.left < -1)) faults.push(`out of the window: ${name(one)}`);
      for (const rect of rects) { // as high as its letters: a typeface whose own lines are two letters high is not ink
        const spare = Math.max(0, rect.height - size) / 2;
        if (rect.width > 3) lines.push([one, { left: rect.left, right: rect.right, top: rect.top + spare, bottom: rect.bottom - spare }]);
      }
    }
    lines.forEach(([one, a], i) => {
      for (const [other, b] of lines.slice(i + 1)) {
        const deep = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top), wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        if (wide > 3 && deep > 0.5 * Math.min(a.bottom - a.top, b.bottom - b.top)) faults.push(`words on words: ${name(one)} and ${name(other)}`);
      }
    });
    return [...new Set(faults)];
  }

  // What axe-core finds broken, and the elements whose colours it found good; asked while it still knows the page.
  function kept(results, _, done) {
    const broken = results.flatMap((rule) => rule.violations.map((node) =>
      [rule.id, node.impact || rule.impact, [node.node.selector].flat(9).join(" "), node.node.source, rule.help]));
    const passes = results.find((rule) => rule.id === "color-contrast")?.passes || [];
    const good = passes.filter((node) => node.any[0].data?.messageKey !== "hidden").map((node) => node.node.element);
    done({ broken, good: new Set(good) });
  }

  // Nothing comes or moves any more. Typefaces are asked for by laying out what needs them: one that came meanwhile would
  // move the page under axe-core.
  async function settled() {
    for (let coming = [0]; coming.length; await Promise.allSettled(coming)) {
      document.body.getBoundingClientRect();
      coming = [...document.fonts].filter((face) => face.status === "loading").map((face) => face.loaded);
    }
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))); // a fold that was opened has its place a frame later
    for (const moving of document.getAnimations()) if (moving.effect.getComputedTiming().endTime !== Infinity) moving.finish();
  }

  // One look: everything that was not judged before is judged. `larger`: letters are to be larger than at the first look;
  // `more`: rules that axe-core leaves out unless it is asked for them; of the others, those whose impact is among `impacts`.
  async function look(larger, more, impacts) {
    await settled();
    const text = words(), now = there(), all = [...document.body.querySelectorAll("*")], at = new Map(all.map((one, i) => [one, i]));
    const coloured = colours(text), linked = links();
    const good = (item) => (item.as || [item.key]).some((key) => passed.has(key));
    const fresh = (item) => !good(item) && !asked.has(`${at.get(item.one)};${item.key}`);
    known = new Set(coloured.filter(good).map((item) => item.one));
    const ask = [...coloured.filter(fresh), ...linked.filter(fresh)].map((item) => item.one);
    const targets = small(), area = `targets;${targets.map((one) => at.get(one) + place([one.getBoundingClientRect()]))}`;
    if (more.length && !asked.has(area)) ask.push(...targets);
    ask.push(...all.filter(scrolls));
    const plain = { iframes: false, reporter: kept };
    let said = { broken: [], good: new Set() };
    const whole = !asked.has(now);
    const left = axe._audit.rules.filter((rule) => rule.impact && !impacts.includes(rule.impact)).map((rule) => [rule.id, { enabled: false }]);
    if (whole) said = await axe.run({ ...plain, rules: Object.fromEntries([...left, ...more.map((rule) => [rule, { enabled: true }])]) });
    else if (ask.length) said = await axe.run({ include: [...new Set(ask)] }, { ...plain, preload: false, runOnly: [...LATER, ...more] });
    for (const { one, key, alone } of coloured) {
      asked.add(`${at.get(one)};${key}`);
      if (!said.good.has(one) || alone || passed.has(key)) continue;
      passed.add(key);
      untold.push(key);
    }
    for (const { one, key } of linked) asked.add(`${at.get(one)};${key}`);
    asked.add(area).add(now);
    let faults = laidOut(text, larger);
    if (faults.length) { // what another frame mends was still on its way
      await settled();
      faults = laidOut(words(), larger);
    }
    return { broken: said.broken, faults, asked: whole ? "all" : ask.length };
  }

  return {
    look,
    // Begin with this page as it stands now; `known`: colours that were found good on other pages.
    start(known) {
      known.forEach((key) => passed.add(key));
      asked = new Set();
      sizes = new Map();
    },
    // What was found good since this was asked last.
    passed: () => untold.splice(0),
    // Judge everything anew, as if no colours had been seen before.
    forget: () => passed.clear(),
  };
})();
