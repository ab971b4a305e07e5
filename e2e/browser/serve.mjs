// Looks at local pages in one Chromium. The command line names Chromium, playwright-core's entry and
// axe-core's script; each line of the input is a question, each line of the output its answer.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { atRest, contrast, keyboard, overflowing, selected, sideways } from "./measures.mjs";

const [program, playwright, axe] = process.argv.slice(2);
const { chromium } = (await import(pathToFileURL(playwright).href)).default;
const rules = readFileSync(axe, "utf8");

const browser = await chromium.launch({
  executablePath: program,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
  ],
});

// No more than the page itself is loaded; everything else that it asks for is noted.
async function watch(page, address) {
  const seen = { errors: [], requests: [] };
  page.on("pageerror", (error) => seen.errors.push(String(error)));
  page.on("console", (message) => message.type() === "error" && seen.errors.push(message.text()));
  await page.route("**/*", (route) => {
    const asked = route.request().url();
    if (asked.split("#")[0] === address) {
      return route.continue();
    }
    seen.requests.push(asked);
    return route.abort();
  });
  return seen;
}

async function violations(page) {
  await page.evaluate(rules);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html}`));
}

// Chromium takes no picture of an SVG document; it does of a page with nothing else.
async function shoot(context, page, file, path) {
  if (!file.endsWith(".svg")) {
    await page.screenshot({ path, fullPage: true });
    return;
  }
  const around = await context.newPage();
  await around.setContent(`<!doctype html><body style="margin: 0">${readFileSync(file, "utf8")}`);
  await around.locator("svg").screenshot({ path });
}

async function look({ file, width, height, scheme, anchor, open, screenshot }) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, reducedMotion: "reduce" });
  try {
    const page = await context.newPage();
    const address = pathToFileURL(file).href;
    const { errors, requests } = await watch(page, address);
    await page.goto(anchor ? `${address}#${anchor}` : address);
    await page.evaluate(atRest, open);
    if (screenshot) {
      await shoot(context, page, file, screenshot);
    }
    return {
      sideways: await page.evaluate(sideways),
      overflowing: await page.evaluate(overflowing),
      contrast: await page.evaluate(contrast),
      selected: await page.evaluate(selected),
      violations: await violations(page),
      keyboard: await keyboard(page),
      errors,
      requests,
    };
  } finally {
    await context.close();
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = { seen: await look(JSON.parse(line)) };
  } catch (error) {
    answer = { failed: String(error?.stack ?? error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await browser.close();
