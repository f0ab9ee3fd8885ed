"use strict";
// What a page does to the people who use it. Each question gives a list of findings: empty is well.
window.looking = (() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const named = (element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 140);
  const shown = (element) => element.checkVisibility({ visibilityProperty: true });
  const hiddenFromEyes = (element) => Boolean(element.closest(".mb-hidden"));
  const FOCUSABLE =
    "a[href], button, input:not([type=hidden]), select, textarea, summary, audio[controls], [tabindex='0']";
  const reachable = () => all(FOCUSABLE).filter((element) => shown(element) && !element.disabled);
  const WIDER = "Sticks out sideways";

  function sticksOut() {
    const width = document.documentElement.clientWidth;
    const wide = all("body *")
        .filter((e) => !e.closest(".mb-scroll") && !hiddenFromEyes(e) && getComputedStyle(e).clipPath === "none")
      .filter((e) => e.getBoundingClientRect().right > width + 0.5);
    if (document.documentElement.scrollWidth > width) return [`${WIDER}: the page`, ...wide.map(named)];
    return wide.map((e) => `${WIDER}: ${named(e)}`);
  }

  // WCAG 2.2, 2.5.8, with its exception for links in a line of text; a label counts with what it belongs to.
  function smallTargets() {
    const size = (e) => {
      const boxes = [e, ...(e.labels ?? [])].map((part) => part.getBoundingClientRect());
      return Math.min(Math.max(...boxes.map((b) => b.width)), Math.max(...boxes.map((b) => b.height)));
    };
    return reachable()
      .filter((e) => size(e) < 24 && !e.matches(".utrecht-skip-link"))
      .filter((e) => !(e.matches("a") && e.closest("p, li, td, th, dd, h1, h2, h3")))
      .map((e) => `Smaller than 24 pixels: ${named(e)}`);
  }

  function clippedText() {
    return all("body *")
      .filter((e) => shown(e) && !hiddenFromEyes(e) && !e.matches("textarea, select, input"))
      .filter((e) => /hidden|clip/.test(getComputedStyle(e).overflow) && e.textContent.trim())
      .filter((e) => e.clientWidth > 1 && getComputedStyle(e).clipPath === "none")
      .filter((e) => e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1)
      .map((e) => `Text is cut off: ${named(e)}`);
  }

  // WCAG 1.4.12, which does not ask for reflow (1.4.10) at the same time: on a telephone a table may then scroll.
  // A sheet made by script passes the content security policy, as a reader's own sheet does.
  const spacing = new CSSStyleSheet();
  spacing.replaceSync(`
    * { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
    p { margin-bottom: 2em !important }`);
  function withTextSpacing() {
    document.adoptedStyleSheets = [spacing];
    const wide = innerWidth > 320 ? sticksOut() : [];
    const found = [...wide, ...clippedText()].map((finding) => `With more text spacing: ${finding}`);
    document.adoptedStyleSheets = [];
    return found;
  }

  const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  function rgba(colour) {
    paint.clearRect(0, 0, 1, 1);
    paint.fillStyle = colour;
    paint.fillRect(0, 0, 1, 1);
    return paint.getImageData(0, 0, 1, 1).data;
  }
  function luminance([red, green, blue]) {
    const [r, g, b] = [red, green, blue]
      .map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }
  function behind(element) {
    for (let e = element; e; e = e.parentElement) {
      const colour = rgba(getComputedStyle(e).backgroundColor);
      if (colour[3] > 250) return colour;
    }
    return matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18] : [255, 255, 255];
  }
  function contrast(one, other) {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  }

  function indicator(element) {
    const style = getComputedStyle(element);
    if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) return "No focus to be seen";
    return contrast(rgba(style.outlineColor), behind(element.parentElement)) < 3 ? "Focus is too faint" : "";
  }
  function covered(element) {
    const box = element.getClientRects()[0];
    const [left, right] = [Math.max(0, box.left), Math.min(innerWidth, box.right)];
    const [upper, lower] = [Math.max(0, box.top), Math.min(innerHeight, box.bottom)];
    if (left >= right || upper >= lower) return "Focus is out of sight";
    const top = document.elementFromPoint((left + right) / 2, (upper + lower) / 2);
    const own = [element, ...(element.labels ?? [])].some((e) => e.contains(top) || top?.contains(e));
    return own ? "" : "Focus is behind something";
  }
  // One press of Tab must have gone before, so that the browser knows this is somebody with a keyboard.
  function focus() {
    const found = [];
    for (const element of reachable()) {
      element.focus();
      const faults =
        document.activeElement === element ? [indicator(element), covered(element)] : ["Takes no focus"];
      found.push(...faults.filter(Boolean).map((fault) => `${fault}: ${named(element)}`));
    }
    document.activeElement.blur();
    scrollTo(0, 0);
    return found;
  }

  // Next in the source is below, or to the right on the same line, or at the top of a column to the right.
  function focusOrder() {
    const boxes = reachable()
      .filter((e) => !e.matches(".utrecht-skip-link"))
      .map((e) => [e, e.getClientRects()[0]]);
    return boxes.slice(1).flatMap(([element, box], place) => {
      const before = boxes[place][1];
      const above = box.bottom <= before.top && box.left < before.right;
      const left = box.right <= before.left && box.bottom <= before.bottom && box.top < before.bottom;
      return above || left ? [`Focus jumps back to: ${named(element)}`] : [];
    }).concat(all("[tabindex]").filter((e) => e.tabIndex > 0).map((e) => `Own tab order: ${named(e)}`));
  }

  async function layoutShift() {
    const shifts = [];
    const watch = new PerformanceObserver((list) => shifts.push(...list.getEntries()));
    watch.observe({ type: "layout-shift", buffered: true });
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const moved = [...shifts, ...watch.takeRecords()];
    watch.disconnect();
    // Below this a header still coming in over the line may move its logo by a part of a pixel. What moves inside
    // the browser's own sound player has no node that a page can reach, and is none of the page's.
    const ours = (shift) => shift.value > 0.001 && shift.sources.some((source) => source.node);
    return moved.filter(ours).map((shift) => `Shifts by ${shift.value}: ${shift.sources.map((s) => s.node && named(s.node))}`);
  }

  function requests(sheets) {
    const asked = performance.getEntriesByType("resource").map((entry) => new URL(entry.name));
    const count = (ending) => asked.filter((url) => url.pathname.endsWith(ending)).length;
    const elsewhere = asked.filter((url) => url.host !== location.host).map((url) => `Asks elsewhere: ${url}`);
    if (count(".css") !== sheets) elsewhere.push(`Asks for ${count(".css")} stylesheets`);
    if (count(".js") !== 1) elsewhere.push(`Asks for ${count(".js")} scripts`);
    return elsewhere;
  }

  function heading() {
    const headings = all("h1").filter((e) => location.pathname !== "/patronen" || !e.closest("form")); // shown there
    if (headings.length !== 1) return [`Has ${headings.length} headings of the first rank`];
    return shown(headings[0]) && headings[0].textContent.trim() ? [] : ["The heading says nothing"];
  }

  async function violations(rules) {
    const { violations: found } = await axe.run(document, { ...rules, resultTypes: ["violations"] });
    return found.map(({ id, help, nodes }) => `${id}: ${help} (${nodes.map((node) => node.target).join(", ")})`);
  }

  const onArrival = async (sheets) => [...heading(), ...requests(sheets), ...(await layoutShift())];
  async function everything(rules) {
    document.activeElement.blur(); // the link that Tab has just shown is above the page
    const barriers = await violations(rules);
    const sizes = [...sticksOut(), ...smallTargets(), ...clippedText(), ...withTextSpacing()];
    return [...barriers, ...sizes, ...focusOrder(), ...focus()];
  }
  const colours = async (rules) => [...(await violations(rules)), ...focus()];
  return { sticksOut, smallTargets, violations, onArrival, everything, colours };
})();
