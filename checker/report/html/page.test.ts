/** The page of a report, as its reader finds it: opened from disk in a browser. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { pageParts } from '../../cli/report-page.ts';
import { seededRandom } from '../../core/index.ts';
import type { TraceStep, Violation } from '../../explore/index.ts';
import { check } from '../../property/index.ts';
import { bind, successors, type Spec, type System } from '../../spec/index.ts';
import philosophers from '../../../specs/dining-philosophers/dining-philosophers.ts';
import peterson from '../../../specs/peterson/peterson.ts';
import raft from '../../../specs/raft/raft.ts';
import { explain } from '../explanation.ts';
import { checkReport } from '../report.ts';
import { resultWith, samples, violation } from '../result.test-support.ts';
import { browserPath, launch, openFile, type OpenPage } from './browser.test-support.ts';
import { htmlReport } from './html-report.ts';

/** The file of a spec of the library. */
function fileOf(name: string): string {
  return new URL(`../../../specs/${name}/${name}.ts`, import.meta.url).pathname;
}

const mutant = 'votes are not written to disk';

/** A check that ends with a counterexample of eight steps, with a crash. */
async function raftPage(): Promise<string> {
  const system = bind(raft as unknown as Spec, { mutant });
  const result = check(system);
  const explanation = explain(system, result.violation!, { alternatives: true });
  const report = checkReport(result, { command: 'bivalent check raft', explanation });
  return htmlReport(report, { page: () => pageParts({ file: fileOf('raft'), choice: { mutant } }) });
}

/** A behaviour of random steps. */
function walk(system: System, steps: number): readonly TraceStep[] {
  const random = seededRandom(1);
  const trace: TraceStep[] = [{ action: null, parameters: {}, state: system.initialStates[0]! }];
  while (trace.length <= steps) {
    const next = successors(system, trace.at(-1)!.state);
    trace.push(next[random.below(next.length)]!);
  }
  return trace;
}

function walkPage(steps: number, loopsTo?: number): Promise<string> {
  const system = bind(philosophers as unknown as Spec);
  const trace = walk(system, steps);
  const loop = loopsTo === undefined ? {} : { loopsTo };
  const violation = { kind: 'temporal', name: 'claim', parameters: {}, read: [], trace, ...loop } as const;
  const report = checkReport(
    resultWith({ spec: system.name, constants: system.constants, result: 'violation', violation }),
  );
  return htmlReport(report, { page: () => pageParts({ file: fileOf('dining-philosophers'), choice: {} }) });
}

/** The number of the step that is selected in the list, and the state that is shown. */
async function whereIs(page: Page): Promise<readonly [string | null, string | null]> {
  return [
    await page.locator('.row[aria-selected=true] .number').textContent(),
    await page.locator('.inspector h2 .dim').textContent(),
  ];
}

test.skipIf(browserPath !== undefined)(
  'pages are not tested: there is no Chromium here (CHROMIUM names one)',
  () => {},
);

describe.skipIf(browserPath === undefined)('the page of a counterexample', () => {
  let browser: Browser;
  let html: string;
  let open: OpenPage;

  beforeAll(async () => {
    [browser, html] = await Promise.all([launch(), raftPage()]);
  }, 120_000);
  afterAll(() => browser.close());
  afterEach(async () => {
    const { page, complaints } = open;
    await page.context().close();
    expect(complaints).toEqual([]);
  });

  test('begins where the property fails, with what it read', async () => {
    open = await openFile(browser, html);
    const { page } = open;
    expect(await page.title()).toBe('RaftProtocol violates electionSafety after 8 steps');
    expect(await whereIs(page)).toEqual(['8', 'State 8']);
    expect(await page.locator('.inspector .failure p').textContent()).toBe('electionSafety is false in state 8');
    expect(await page.locator('.inspector .failure dt').allTextContents()).toContain('The condition that it came to');
    await page.waitForURL(/#step=8$/);
  });

  test('goes through time by slider, buttons, rows and keys, and the address says where it is', async () => {
    open = await openFile(browser, html, { hash: '#step=3' });
    const { page } = open;
    expect(await whereIs(page)).toEqual(['3', 'State 3']);
    await page.getByRole('slider', { name: 'State' }).fill('5');
    expect(await whereIs(page)).toEqual(['5', 'State 5']);
    expect(await page.getByRole('slider').getAttribute('aria-valuetext')).toBe('state 5, after crash(at=s1)');
    await page.getByRole('button', { name: 'State after' }).click();
    expect(await whereIs(page)).toEqual(['6', 'State 6']);
    await page.getByRole('option').nth(1).click();
    expect(await whereIs(page)).toEqual(['1', 'State 1']);
    for (const [key, state] of Object.entries({ ArrowRight: 2, ArrowDown: 3, ArrowLeft: 2, End: 8, Home: 0 })) {
      await page.keyboard.press(key);
      expect(await whereIs(page)).toEqual([`${state}`, `State ${state}`]);
    }
    await page.waitForURL(/#step=0$/);
    await page.evaluate(`location.hash = '#step=4'`);
    await page.locator('#step-4[aria-selected=true]').waitFor();
  });

  test('shows what a step sent, received and changed, and the state as a tree with the changes marked', async () => {
    open = await openFile(browser, html, { hash: '#step=4' });
    const { page } = open;
    expect(await page.locator('.post li').allTextContents()).toEqual([
      'received vote from s3 to s1 {granted: true, term: 1}, sent in step 3, received in step 4',
    ]);
    const changes = page.locator('.changes tr');
    expect(await changes.locator('th').allTextContents()).toContain('node.s1.role');
    expect(await changes.filter({ hasText: 'node.s1.role' }).locator('td').textContent()).toBe(
      "'candidate' → 'leader'",
    );
    const role = page.locator('.state-tree li.changed').filter({ hasText: 'role' }).last();
    expect(await role.locator('del').textContent()).toBe("'candidate'");
    expect(await role.locator('ins').textContent()).toBe("'leader'");
    expect(await page.getByText('In this state not taken: ').count()).toBe(1);
  });

  test('draws a line for each node and an arrow for each message that arrives', async () => {
    open = await openFile(browser, html);
    const { page } = open;
    expect(await page.locator('.lane-names span').allTextContents()).toEqual(['s1', 's2', 's3']);
    expect(await page.locator('.message.received').count()).toBe(4);
    expect(await page.locator('.mark.crash').count()).toBe(1);
    expect(await page.locator('.lifeline.down').count()).toBe(1);
  });

  test('leaves out nodes, and the steps and messages that are only theirs', async () => {
    open = await openFile(browser, html);
    const { page } = open;
    await page.getByRole('button', { name: 's3', exact: true }).click();
    expect(await page.locator('.lane-names span').allTextContents()).toEqual(['s1', 's2']);
    expect(await page.locator('.message.received').count()).toBe(2);
    expect(await page.locator('.state-tree .label').allTextContents()).not.toContain('s3');
    await page.getByRole('button', { name: 'show all' }).click();
    expect(await page.locator('.message.received').count()).toBe(4);
  });

  test('finds steps by what they are and by what they change, and shows only those on request', async () => {
    open = await openFile(browser, html);
    const { page } = open;
    await page.keyboard.press('/');
    await page.keyboard.type('candidate');
    await page.getByText('4 found').waitFor();
    await page.keyboard.press('Enter');
    expect(await whereIs(page)).toEqual(['1', 'State 1']);
    expect(await page.locator('.state-tree mark').allTextContents()).toEqual(['candidate']);
    await page.keyboard.press('Shift+Enter');
    expect(await whereIs(page)).toEqual(['8', 'State 8']);
    await page.getByRole('checkbox', { name: 'only these steps' }).check();
    expect(await page.locator('.row .number').allTextContents()).toEqual(['1', '2', '4', '8']);
    await page.keyboard.press('N');
    expect(await whereIs(page)).toEqual(['4', 'State 4']);
  });

  test('lets its reader take other steps, judges them, and comes back', async () => {
    open = await openFile(browser, html, { hash: '#step=7' });
    const { page } = open;
    await page.keyboard.press('w');
    await page.getByText('Properties in this state').waitFor();
    expect(await page.locator('.claims .broken').count()).toBe(0);
    const fatal = page.locator('.choices button').filter({ hasText: 'breaks electionSafety' });
    expect(await fatal.locator('.next').count()).toBe(1);
    const other = page.locator('.choices li:not(:has(.next)) button').first();
    const name = await other.locator('.name').textContent();
    await other.click();
    expect(await page.locator('.banner p').textContent()).toBe(
      'What if: you left the counterexample in state 7, and took one step of your own.',
    );
    expect(await page.locator('.row').last().textContent()).toBe(`8${name}`);
    await page.locator('.choices button').filter({ hasText: 'breaks electionSafety' }).click();
    expect(await page.locator('.claims .broken').allTextContents()).toEqual(['✗ electionSafety is false']);
    await page.waitForURL(/#step=9&left=7&took=\d+\.\d+$/);
    const address = page.url();
    const steps = await page.locator('.row').allTextContents();

    await page.reload();
    await page.locator('.banner').waitFor();
    expect(await page.locator('.row').allTextContents()).toEqual(steps);
    expect(page.url()).toBe(address);

    await page.keyboard.press('u');
    expect(await whereIs(page)).toEqual(['8', 'State 8']);
    await page.getByRole('button', { name: 'Back to the counterexample' }).click();
    expect(await page.locator('.banner').count()).toBe(0);
    expect(await whereIs(page)).toEqual(['7', 'State 7']);
  });

  test('is dark where the system is, and where its reader says so', async () => {
    open = await openFile(browser, html, { colorScheme: 'dark' });
    const { page } = open;
    const paper = (): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const dark = await paper();
    expect(dark).toBe('rgb(20, 23, 28)');
    await page.keyboard.press('t');
    expect(await paper()).toBe('rgb(255, 255, 255)');
    await page.getByRole('button', { name: 'Theme: light' }).click();
    expect(await paper()).toBe(dark);
  });

  test('explains its keys, which rest while it does', async () => {
    open = await openFile(browser, html);
    const { page } = open;
    await page.keyboard.press('?');
    const dialog = page.getByRole('dialog', { name: 'Keys' });
    await dialog.waitFor();
    await page.keyboard.press('Home');
    expect(await whereIs(page)).toEqual(['8', 'State 8']);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  });

  test('has every step on paper, and nothing to press', async () => {
    open = await openFile(browser, html);
    const { page } = open;
    await page.emulateMedia({ media: 'print' });
    await page.locator('.printed .step').last().waitFor();
    expect(await page.locator('.printed .step').count()).toBe(9);
    expect(await page.locator('button:visible, input:visible').count()).toBe(0);
    await page.emulateMedia({ media: 'screen' });
    await page.locator('.printed .step').first().waitFor({ state: 'detached' });
  });

  test('fits a telephone', async () => {
    open = await openFile(browser, html, { viewport: { width: 360, height: 740 } });
    const { page } = open;
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    expect(overflow).toBeLessThanOrEqual(0);
  });

  test('copies the report as Markdown and JSON', async () => {
    open = await openFile(browser, html, { permissions: ['clipboard-read', 'clipboard-write'] });
    const { page } = open;
    const clipboard = (): Promise<string> => page.evaluate('navigator.clipboard.readText()');
    const [markdown, json] = [page.locator('.actions button').nth(0), page.locator('.actions button').nth(1)];
    await json.click();
    await json.filter({ hasText: 'Copied' }).waitFor();
    expect(JSON.parse(await clipboard())).toMatchObject({
      spec: 'RaftProtocol',
      violation: { name: 'electionSafety' },
    });
    await markdown.click();
    await markdown.filter({ hasText: 'Copied' }).waitFor();
    expect(await clipboard()).toContain('RaftProtocol violates electionSafety');
  });

  test('scrolls through two thousand steps with some dozens of rows', async () => {
    open = await openFile(browser, await walkPage(2000));
    const { page } = open;
    expect(await whereIs(page)).toEqual(['2000', 'State 2000']);
    for (const key of ['Home', 'PageDown', 'End']) {
      await page.keyboard.press(key);
      expect(await page.locator('.row').count()).toBeLessThan(80);
    }
    await page.locator('.scroller').evaluate((scroller) => (scroller.scrollTop = 30 * 1000));
    await page.locator('#step-1000').waitFor();
  });

  test('shows a lasso as a loop, and goes round it', async () => {
    open = await openFile(browser, await walkPage(12, 4));
    const { page } = open;
    expect(await page.locator('.loop-end').textContent()).toBe('↺ which is state 4 again, and so on for ever');
    expect(await page.locator('svg.loop').count()).toBe(1);
    await page.keyboard.press('ArrowRight');
    expect(await whereIs(page)).toEqual(['4', 'State 4']);
  });

  test('has every counterexample that was found, and a link to each', async () => {
    const system = bind(philosophers as unknown as Spec);
    const violationAfter = (steps: number): Violation => {
      return { kind: 'invariant', name: 'claim', parameters: {}, read: [], trace: walk(system, steps) };
    };
    const result = resultWith({
      spec: system.name,
      constants: system.constants,
      result: 'violation',
      violation: violationAfter(3),
    });
    const others = [{ violation: violationAfter(5) }];
    const distinct = { by: 'actions', sentence: 'One more was found', counterexamples: others } as const;
    const parts = pageParts({ file: fileOf('dining-philosophers'), choice: {} });
    const report = checkReport(result, { distinct });
    open = await openFile(browser, await htmlReport(report, { page: () => parts }), { hash: '#step=2' });
    const { page } = open;
    expect(await whereIs(page)).toEqual(['2', 'State 2']);
    await page.getByRole('link', { name: '2. DiningPhilosophers violates claim after 5 steps' }).click();
    await page.waitForURL(/#step=5&counterexample=2$/);
    expect(await whereIs(page)).toEqual(['5', 'State 5']);
    expect(await page.locator('.lane-names span').count()).toBeGreaterThan(0);
    await page.goBack();
    await page.waitForURL(/#step=2$/);
    expect(await page.locator('.player output').textContent()).toBe('state 2 of 3');
  });

  test('of a result that holds lets its reader look around from an initial state', async () => {
    const report = checkReport(check(bind(peterson as unknown as Spec)));
    const parts = pageParts({ file: fileOf('peterson'), choice: {} });
    open = await openFile(browser, await htmlReport(report, { page: () => parts }));
    const { page } = open;
    await page.locator('.choices button').first().click();
    expect(await page.locator('.banner p').textContent()).toBe(
      'What if: you left an initial state, and took one step of your own.',
    );
    expect(await page.locator('.coverage tbody tr').count()).toBe(6);
    expect(await page.locator('.chart .bar').count()).toBe(11);
  });

  test('of a long run shows how it went, as charts that are described and as tables', async () => {
    const levels = [1, 30, 250_000, 749_969];
    const actions = { 'receives a commit': { taken: 15_706_368, distinct: 9_815_552 } };
    const report = checkReport(resultWith({ result: 'violation', violation, levels, samples, actions }));
    const page360 = { viewport: { width: 360, height: 740 } };
    open = await openFile(browser, await htmlReport(report, { measured: true, page: () => pageParts('…') }), page360);
    const { page } = open;
    const charts = page.locator('.statistics').getByRole('img');
    expect(await charts.evaluateAll((all) => all.map((chart) => chart.getAttribute('aria-label')))).toEqual([
      'States: 1,000,000 distinct states after 3 s; at most 250,000 wait to be expanded.',
      'Rate: 333,333 new states a second on average, at most 500,000.',
      'Memory: All tables take up to 22.9 MiB.',
      'States by level: 4 levels; the largest, level 4, has 749,969 states.',
    ]);
    expect(await page.locator('.chart polyline').count()).toBe(4);
    expect(await page.locator('.spot title').first().textContent()).toBe('time (s) 0.1: distinct 40, frontier 30');
    await page.getByText('Times in figures').click();
    const table = page.getByRole('region', { name: 'Times in figures' });
    expect(await table.locator('tbody tr').nth(2).locator('td').allTextContents()).toEqual([
      '2.0',
      '900,000',
      '3,000,000',
      '500,000',
      '9',
      '90,000',
      '20.0',
    ]);
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    expect(overflow).toBeLessThanOrEqual(0);
  });

  test('that has no spec in it says why', async () => {
    const report = checkReport(check(bind(raft as unknown as Spec, { mutant })));
    open = await openFile(browser, await htmlReport(report, { page: () => pageParts('the spec is a secret') }));
    const { page } = open;
    await page.keyboard.press('w');
    expect(await page.locator('.panel').textContent()).toBe(
      'Steps of your own cannot be taken here: the spec is a secret.',
    );
  });

  test('takes no value for markup', async () => {
    const evil = '<img src=x onerror="document.title=\'evil\'"></script>\u2028${1}';
    const trace: readonly TraceStep[] = [
      { action: null, parameters: {}, state: { [evil]: evil } },
      { action: evil, parameters: { [evil]: evil }, state: { [evil]: `${evil}!` } },
    ];
    const violation = {
      kind: 'invariant',
      name: evil,
      parameters: {},
      read: [{ path: evil, value: evil }],
      trace,
    } as const;
    const report = checkReport(resultWith({ spec: evil, result: 'violation', violation }));
    open = await openFile(browser, await htmlReport(report, { page: () => pageParts(evil) }));
    const { page } = open;
    await page.keyboard.press('w');
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.title()).toContain('<img src=x');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('</script>');
  });
});

test.skipIf(browserPath === undefined)('a page is the same every time it is written', async () => {
  expect(await raftPage()).toBe(await raftPage());
});
