// What is measured in a page. All but `keyboard` run inside of it and see nothing of this file.

// Opens what can be opened, if it is wanted, and waits for the fonts.
export async function atRest(open) {
  for (const details of open ? document.querySelectorAll("details") : []) {
    details.open = true;
  }
  await document.fonts.ready;
}

// By how many pixels the page as a whole scrolls sideways.
export function sideways() {
  const { scrollWidth, clientWidth } = document.documentElement;
  return document.documentElement.localName === "svg" ? 0 : scrollWidth - clientWidth;
}

// The text that somebody gets who selects everything.
export function selected() {
  const selection = getSelection();
  selection.selectAllChildren(document.documentElement);
  const text = selection.toString();
  selection.removeAllRanges();
  return text;
}

// Labels that leave the shape that they belong to: the first one of the group with the class `node`.
export function overflowing() {
  const found = [];
  for (const group of document.querySelectorAll("svg .node")) {
    const shape = group.querySelector("rect, path, polygon, circle")?.getBoundingClientRect();
    for (const text of shape ? group.querySelectorAll("text") : []) {
      const box = text.getBoundingClientRect();
      const inside = box.left >= shape.left - 0.5 && box.right <= shape.right + 0.5;
      if (box.width > 0 && !(inside && box.top >= shape.top - 0.5 && box.bottom <= shape.bottom + 0.5)) {
        found.push(text.textContent);
      }
    }
  }
  return found;
}

// Texts of pictures whose contrast with the shape below them is under 4.5:1, the least that WCAG 2
// asks for (success criterion 1.4.3). axe-core looks at HTML alone.
export function contrast() {
  const canvas = document.createElementNS("http://www.w3.org/1999/xhtml", "canvas").getContext("2d", { willReadFrequently: true });
  const paint = (colour, [red, green, blue]) => {
    canvas.fillStyle = `rgb(${red} ${green} ${blue})`;
    canvas.fillRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const linear = (part) => (part <= 10 ? part / 3294.6 : ((part / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = ([red, green, blue]) => 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const ground = (element, box) => {
    let colour = dark ? [18, 18, 18] : [255, 255, 255];
    const layers = document.elementsFromPoint(box.left + box.width / 2, box.top + box.height / 2).reverse();
    for (const layer of layers) {
      const style = getComputedStyle(layer);
      const isShape = ["rect", "path", "polygon", "circle"].includes(layer.localName);
      const fill = isShape ? style.fill : layer.localName === "text" || layer.localName === "tspan" ? "none" : style.backgroundColor;
      if (fill && fill !== "none") {
        colour = paint(fill, colour);
      }
    }
    return colour;
  };
  const found = [];
  for (const text of document.querySelectorAll("svg text")) {
    text.scrollIntoView({ block: "center", inline: "center" });
    const box = text.getBoundingClientRect();
    const below = ground(text, box);
    const [low, high] = [below, paint(getComputedStyle(text).fill, below)].map(luminance).sort((a, b) => a - b);
    const ratio = (high + 0.05) / (low + 0.05);
    if (box.width > 0 && ratio < 4.5) {
      found.push(`${text.textContent} (${ratio.toFixed(2)}:1)`);
    }
  }
  return found;
}

// What the Tab key should come to and does not, or comes to without a sign of it.
export async function keyboard(page) {
  const expected = await page.evaluate(() => {
    const all = document.querySelectorAll("a[href], summary, button, input, select, [tabindex='0']");
    const shown = [...all].filter((one) => one.checkVisibility?.() ?? true);
    globalThis.missed = new Set(shown);
    document.addEventListener("focusin", ({ target }) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(target);
      if (outlineStyle !== "none" && outlineWidth !== "0px") {
        globalThis.missed.delete(target);
      }
    });
    document.activeElement?.blur?.();
    return shown.length;
  });
  for (let at = 0; at < expected + 1; at += 1) {
    await page.keyboard.press("Tab");
  }
  return page.evaluate(() => [...globalThis.missed].map((one) => one.outerHTML.slice(0, 200)));
}
