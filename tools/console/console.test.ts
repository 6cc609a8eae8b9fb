import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { freePort } from '@meridian/provider-local/testing/free-port.ts';
import { startBrowser } from './testing/browser.ts';
import { ConsoleWorld, slowPayments } from './testing/console-world.ts';
import { generatedLongTrace, PURCHASE } from './testing/generated-purchase.ts';
import { sampleGraph } from './testing/sample-graph.ts';
import { declaredEdges } from '../telemetry/explain/declared-edges.ts';

jest.setTimeout(120_000);

const ADDRESS = '127.0.9.8';
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const { browser, reason } = await startBrowser();
const told = reason === undefined ? '' : ` (skipped, as no browser starts here: ${reason})`;
const story = reason === undefined ? test : test.skip;

const VIEWS = [
  '/',
  '/edge?id=orders>payments',
  '/purchase',
  `/purchase?id=${PURCHASE.trace}`,
  '/runs',
  '/alerts',
  '/query?text=up',
] as const;

const WINDOWS = [
  { colorScheme: 'light', width: 1_280, height: 900 },
  { colorScheme: 'dark', width: 400, height: 860 },
] as const;

const quiet = Object.fromEntries(declaredEdges(sampleGraph).map(({ id }) => [id, { rate: 0 }]));

let world: ConsoleWorld;
/** One for all stories: what a browser costs is its start and each page that is loaded. */
let page: Page;
const thrown: string[] = [];

beforeAll(async () => {
  if (browser === undefined) return;
  world = await ConsoleWorld.start({ address: ADDRESS, port: await freePort(ADDRESS) });
  world.become(slowPayments);
  page = await browser.newPage({ locale: 'en-GB' });
  page.on('pageerror', ({ message }) => thrown.push(message));
  page.on('console', (line) => {
    if (line.type() === 'error') thrown.push(line.text());
  });
  await page.goto(world.address);
});
afterEach(() => {
  expect(thrown.splice(0)).toEqual([]);
  expect(world.failures).toEqual([]);
});
afterAll(async () => {
  await browser?.close();
  if (browser !== undefined) await world.stop();
});

/** Goes to a view as its links do, without loading the page again; what somebody looks at is asked for again. */
async function look(view: string): Promise<void> {
  for (const address of ['/nowhere', view]) {
    await page.evaluate(
      `history.pushState(null, '', ${JSON.stringify(address)}); dispatchEvent(new Event('meridian-moved'))`,
    );
  }
  await page.getByRole('heading', { level: 1 }).waitFor();
}

/** Goes on with the key of that name until what has the focus is called so. */
async function tabTo(name: RegExp): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate('document.activeElement?.textContent ?? ""');
    if (name.test(String(focused))) return;
  }
  throw new Error(`Nothing called ${String(name)} is reached by Tab`);
}

describe('the console', () => {
  story(`answers its four questions to somebody without a mouse${told}`, async () => {
    world.become(slowPayments);
    await look('/');
    // The address has lost its token, and so has the history.
    expect(page.url()).toBe(`${world.origin}/`);
    await page.getByText('broke first').first().waitFor();
    expect(await page.getByRole('status').first().innerText()).toMatch(
      /orders → payments broke first, at 1\d:50:00: p99 of 5.2 s, 1 s are promised. 2 more because of it/,
    );
    await tabTo(/^Look at it$/);
    await page.keyboard.press('Enter');
    await page.locator('.chart canvas').first().waitFor();
    expect(page.url()).toContain('/edge?id=orders%3Epayments');

    await tabTo(/^What happened/);
    await page.keyboard.press('Enter');
    await page.getByLabel('Id of a trace').focus();
    await page.keyboard.type(PURCHASE.request);
    await page.keyboard.press('Enter');
    await page.getByText('Longest by itself').waitFor();
    expect(await page.locator('.span.slowest .name').innerText()).toBe('payments client authorize');
    // What somebody wrote is text: it neither runs nor turns the page round.
    expect(await page.locator('.moments').first().innerText()).toContain('<img src=x onerror=');
    expect(await page.locator('main img').count()).toBe(0);
    expect(await page.title()).not.toBe('run');
    await tabTo(new RegExp(`^order ${PURCHASE.order}$`));
    await page.keyboard.press('Enter');
    const came = page.locator('.moments tbody th');
    await came.getByText('OrderPlaced').waitFor();
    expect(await came.allInnerTexts()).toEqual(
      expect.arrayContaining(['reserving', 'RESERVE_STOCK', 'authorizing', 'OrderPlaced']),
    );

    await tabTo(/^What did my change do/);
    await page.keyboard.press('Enter');
    await page.getByText('2 worse, 0 better').waitFor();
    const worst = page.locator('.rows tbody tr').first();
    expect(await worst.innerText()).toMatch(/orders → payments.*AuthorizePayment/s);
    await tabTo(/^after$/);

    await tabTo(/^Can my alerts see/);
    await page.keyboard.press('Enter');
    await page.getByText(/\d+ blind/).waitFor();
    const drilled = page.getByRole('row').filter({ hasText: 'slow-service' });
    expect(await drilled.innerText()).toMatch(/ApiLatency.*passed/s);
  });

  story(`shows states as they change, without being asked again${told}`, async () => {
    const says = (text: RegExp) => page.getByText(text).first().waitFor();
    await look('/');
    world.become({ isEmpty: true });
    await says(/Starting: nothing of the platform has been scraped/);
    world.become({});
    await says(/Nothing fails/);
    world.become({ trouble: { 'gateway>catalog': { seconds: 0.1 } } });
    await says(/gateway → catalog is slower than usual: p99 of 100 ms, 12 ms in the hour before/);
    expect(await page.locator('.rows tbody tr').first().innerText()).toContain('slower than usual');
    world.become({ away: ['metrics'] });
    await says(/Nobody can tell: the store of metrics does not answer/);
    await says(/its last data came/);
    world.become({ trouble: quiet });
    await says(/no traffic in the last/);
    const { lines } = slowPayments;
    world.become(lines === undefined ? {} : { lines });
    await look(`/purchase?id=${PURCHASE.request}`);
    await says(/Not sampled/);
    world.build = { words: 'building Prometheus (2 of 5), 3 min', isOver: false };
    await look('/alerts');
    await says(/Telemetry: building Prometheus \(2 of 5\)/);
    world.build = null;
  });

  story(`is drawn in a browser whose language is none${told}`, async () => {
    if (browser === undefined) return;
    const other = await browser.newPage();
    try {
      await other.addInitScript(
        "Object.defineProperty(Navigator.prototype, 'language', { get: () => 'en-US@posix', configurable: true })",
      );
      await other.goto(world.address);
      await other.getByRole('heading', { level: 1 }).waitFor();
      expect(await other.evaluate('navigator.language')).toBe('en');
    } finally {
      await other.close();
    }
  });

  story(`draws of a trace of 5,000 spans what is in sight${told}`, async () => {
    world.become({ spans: generatedLongTrace(Date.UTC(2026, 2, 1, 12), 5_000) });
    await look(`/purchase?id=${PURCHASE.trace}`);
    await page.locator('.span').first().waitFor();
    expect(await page.locator('.span').count()).toBeLessThan(60);
    await page.getByRole('region').focus();
    await page.keyboard.press('End');
    await page.getByText('step 4999').waitFor();
  });

  story(
    `has nothing that axe-core takes for serious, and nothing wider than its window${told}`,
    async () => {
      world.become(slowPayments);
      await page.evaluate(readFileSync(axe, 'utf8'));
      for (const view of VIEWS) {
        await look(view);
        await page.locator('main table, main .chart').first().waitFor();
        for (const { colorScheme, width, height } of WINDOWS) {
          await page.emulateMedia({ colorScheme });
          await page.setViewportSize({ width, height });
          const found = { view, colorScheme, serious: await page.evaluate(SERIOUS) };
          expect({ ...found, wider: await page.evaluate(WIDER) }).toEqual({
            ...{ view, colorScheme, serious: [], wider: 0 },
          });
        }
      }
    },
  );
});

/** Run in the page: the rules that it breaks, with the first place. */
const SERIOUS = `axe.run({ resultTypes: ['violations'] }).then(({ violations }) =>
  violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => id + ': ' + nodes[0].html))`;
const WIDER = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
