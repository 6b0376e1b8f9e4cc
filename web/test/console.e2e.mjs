// Drives the console of a running Tern in headless Chromium, as a person would, and prints one line a check.
// TERN: base URL (http://127.0.0.1:8080). SHOT: where to save a picture of the page. CHROMIUM: the browser.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const tern = process.env.TERN ?? 'http://127.0.0.1:8080';
const browserPath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((p) => p && existsSync(p));
if (!browserPath) {
  console.log('no: Chromium was not found; install the package chromium, or set CHROMIUM');
  console.log('0 passed, 1 failed');
  process.exit(1);
}

const browser = await chromium.launch({
  executablePath: browserPath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const page = await browser.newPage({ viewport: { width: 1440, height: 940 }, colorScheme: process.env.DARK ? 'dark' : 'light' });
const complaints = [];
const strangers = [];
page.on('console', (m) => m.type() === 'error' && complaints.push(m.text()));
page.on('pageerror', (e) => complaints.push(String(e)));
page.on('dialog', (d) => {
  complaints.push(`dialog: ${d.message()}`);
  void d.dismiss();
});
page.on('request', (r) => !/^(data|blob):/.test(r.url()) && !r.url().startsWith(tern) && strangers.push(r.url()));

let passed = 0;
const failed = [];
async function check(name, body) {
  try {
    await body();
    passed++;
    console.log(`ok: ${name}`);
  } catch (e) {
    failed.push(name);
    console.log(`no: ${name}: ${String(e).split('\n')[0]}`);
  }
}
const must = (truth, what) => {
  if (!truth) throw new Error(what);
};

await page.goto(tern, { waitUntil: 'networkidle' });

await check('the page names its models and services', async () => {
  await page.waitForSelector('.models li >> nth=2');
  await page.waitForFunction(() => document.querySelectorAll('.services li.up').length >= 3);
});
await check('chat streams an answer and tells its figures', async () => {
  // A text that is to be copied, greedy and without a penalty, is what drafts from the prompt are for.
  await page.selectOption('.chat label:has-text("drafter") select', 'ngram');
  await page.fill('.chat label:has-text("temperature") input', '0');
  await page.fill('.chat label:has-text("repetition") input', '1');
  await page.fill('.chat form input', 'Copy this text exactly: The tern flies fast. The tern sees far. The tern dives once and holds the fish.');
  await page.click('.chat form button');
  await page.waitForSelector('.chat .figures:has-text("tokens")', { timeout: 60000 });
  must((await page.textContent('.chat .answer')).length > 10, 'the answer is too short');
});
await check('accepted drafts are marked', async () => {
  must((await page.locator('.chat .answer mark').count()) > 0, 'no token is marked');
});
await check('the last draft is shown with what became of it', async () => {
  must((await page.locator('.chat .draft li').count()) > 0, 'no draft');
});
await check('a photo gets its boxes', async () => {
  await page.click('.detect .starters button:has(img[alt=chelsea])');
  await page.waitForSelector('.detect .box text:has-text("cat")', { timeout: 20000 });
});
await check('a picture appears step by step', async () => {
  await page.fill('.image form input', 'red apple');
  await page.click('.image form button >> text=Draw');
  await page.waitForSelector('.image .figures', { timeout: 60000 });
  must(await page.evaluate(() => document.querySelector('.canvas img').naturalWidth >= 64), 'no picture');
});
await check('a job is queued, runs and shows its result', async () => {
  await page.click('.image form button >> text=As job');
  await page.waitForSelector('.jobs tr[data-state=succeeded] img', { timeout: 60000 });
});
await check('a broken file is refused in words, and the page lives on', async () => {
  const another = page.locator('.detect button:has-text("another")');
  if (await another.count()) await another.click();
  const expected = complaints.length;
  await page.setInputFiles('.detect input[type=file]', { name: 'x.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
  await page.waitForSelector('.detect .problem', { timeout: 10000 });
  complaints.length = expected; // the browser itself logs the 4xx
  await page.click('.detect .starters button:has(img[alt=astronaut])');
  await page.waitForSelector('.detect .box text:has-text("person")', { timeout: 20000 });
});
await check('a message with markup stays text', async () => {
  await page.fill('.chat form input', '<img src=x onerror=alert(1)> say hi');
  await page.click('.chat form button');
  await page.waitForFunction(() => document.querySelectorAll('.chat .figures').length >= 2, null, { timeout: 60000 });
  must((await page.locator('.chat .question img').count()) === 0, 'markup was taken as HTML');
});
await check('a page shows one seed under every sampler, guidance, steps and three ways through the plane', async () => {
  await page.click('a[href="#diffusion"]');
  for (const way of ['field', 'sde', 'ode', 'langevin']) await page.waitForSelector(`.planes figure[data-way=${way}] svg`);
  must((await page.locator('.planes .end').count()) === 36, 'not twelve ends of each of three ways');
  await page.click('.sheet:has(h3:text-is("Guidance")) button');
  await page.waitForFunction(() => document.querySelectorAll('.sheet-grid figure[data-whole=true]').length >= 8, null, { timeout: 60000 });
  if (process.env.SHOT) {
    for (const title of ['Same seed, every sampler', 'Steps']) await page.click(`.sheet:has(h3:text-is("${title}")) button`);
    await page.waitForFunction(() => document.querySelectorAll('.sheet-grid figure[data-whole=false]').length === 0, null, { timeout: 240000 });
    await page.screenshot({ path: process.env.SHOT.replace(/(\.[a-z]+)?$/, '-diffusion$1'), fullPage: true });
  }
  await page.click('a[href="#"]');
  await page.waitForSelector('.image form input');
});
await check('the page complains of nothing', () => must(complaints.length === 0, complaints.join(' | ')));
await check('the page asks nobody else', () => must(strangers.length === 0, strangers.join(' ')));

if (process.env.SHOT) await page.screenshot({ path: process.env.SHOT, fullPage: true });
await browser.close();
console.log(`${passed} passed, ${failed.length} failed`);
process.exit(failed.length === 0 ? 0 : 1);
