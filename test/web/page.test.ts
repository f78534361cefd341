import { expect } from 'chai';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { declarationNumber, printedNumber } from '../../src/modules/declarations/registry-numbers.ts';
import { removeFolders, temporaryFolder } from '../support/folders.ts';
import { HOSTILE, SERIAL, WORN } from './answers.ts';
import { startStubServer } from './stub-server.ts';
import type { StubServer } from './stub-server.ts';

const TOKEN = `${part({ alg: 'ES256' })}.${part({ role: 'customs', org: 'kaohsiung-customs' })}.c2lnbmF0dXJl`;
const NUMBER = declarationNumber('TW', '2026', 'dcl_1');

describe('the page', function () {
  this.timeout(0); // starting a browser takes as long as it takes

  let browser: Browser;
  let server: StubServer;
  let page: Page;
  let complaints: string[];
  let requested: string[];

  before(async () => {
    const outDir = temporaryFolder();
    await build({ configFile: 'src/web/vite.config.ts', logLevel: 'error', build: { outDir } });
    server = await startStubServer(outDir);
    browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-background-networking',
        '--disable-component-update',
        '--no-first-run',
      ],
    });
  });

  after(async () => {
    await browser?.close();
    await server?.close();
    removeFolders();
  });

  beforeEach(async () => {
    server.asked.length = 0;
    complaints = [];
    requested = [];
    page = await browser.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('request', (request) => requested.push(new URL(request.url()).origin));
    await page.goto(server.url);
  });

  afterEach(async () => {
    await page.close();
  });

  async function lookUp(serial: string): Promise<void> {
    await page.getByLabel('Access token').fill(TOKEN);
    await page.getByLabel('Serial as you read it').fill(serial);
    await page.getByRole('button', { name: 'Look up' }).click();
  }

  it('asks what the form says, with the token in the header alone', async () => {
    await page.getByLabel('Access token').fill(` Bearer ${TOKEN}\n`);
    await page.getByLabel('Serial as you read it').fill(`  ${WORN} `);
    await page.getByLabel('Maker').fill('Fette & Söhne');
    await page.getByLabel('Kind').selectOption({ label: 'Tablet press' });
    await page.getByLabel('Case').fill('K-2026/7');
    await page.getByRole('button', { name: 'Look up' }).click();
    await page.getByRole('heading', { name: 'Caution', exact: true }).waitFor();
    expect(server.asked.filter(({ path }) => path === '/v1/lookup')).to.deep.equal([
      {
        path: '/v1/lookup',
        query: { serial: WORN, maker: 'Fette & Söhne', kind: 'press', case: 'K-2026/7' },
        authorization: `Bearer ${TOKEN}`,
      },
    ]);
    expect(page.url()).to.equal(`${server.url}/`);
  });

  it('shows possible matches in order, with what was misread marked and their histories', async () => {
    await lookUp(WORN);
    const matches = page.getByRole('article');
    await matches.nth(1).waitFor();
    expect(await matches.count()).to.equal(2);
    const first = matches.first();
    expect(await first.getByRole('heading').innerText()).to.equal(SERIAL);
    expect(await first.getByRole('heading').locator('mark').allInnerTexts()).to.deep.equal(['0', '0', '1']);
    const text = await first.innerText();
    expect(text)
      .to.include('Possible match')
      .and.include('score 0.71')
      .and.include('read letter L, marked digit 1');
    expect(text).to.not.include('Exact match');
    const events = await first.getByRole('listitem').allInnerTexts();
    expect(events.map((event) => event.split(' ')[0])).to.deep.equal([
      'Registered',
      'Declared',
      'Verified',
      'Exited',
    ]);
    expect(events[3]).to.include('2026-04-15 05:30 UTC at TWKHH').and.include('recorded 2026-04-17');
    expect(await matches.nth(1).getByText('Recorded as stolen').count()).to.equal(1);
  });

  it('words each verdict, with an icon of its own', async () => {
    const shapes = new Set<string | null>();
    const cases = { [SERIAL]: 'Clear', [WORN]: 'Caution', 'A stolen one': 'Stop', 'Never seen': 'Unknown' };
    for (const [serial, word] of Object.entries(cases)) {
      await lookUp(serial);
      await page.getByRole('heading', { name: word, exact: true }).waitFor();
      shapes.add(await page.locator('.banner path').getAttribute('d'));
    }
    expect(shapes.size).to.equal(4);
  });

  it('calls a match exact only when the maker was given and fits', async () => {
    await lookUp(SERIAL);
    await page.getByText('Exact match: serial and maker').waitFor();
    await lookUp('A stolen one');
    await page.getByText('Possible match: same serial, compare the maker').waitFor();
  });

  it('never words unknown as fake', async () => {
    await lookUp('Never seen');
    await page.getByRole('heading', { name: 'Unknown', exact: true }).waitFor();
    const text = await page.getByRole('region', { name: 'Result' }).innerText();
    expect(text)
      .to.include('says nothing')
      .and.not.match(/fake|counterfeit|forged/i);
  });

  it('shows a refusal with its fields, a cut line and an unreadable answer', async () => {
    await lookUp('refused');
    const alert = page.getByRole('alert');
    await alert.getByText('Unprocessable Content').waitFor();
    const text = await alert.innerText();
    expect(text)
      .to.include('breaks the rules')
      .and.include('serial: must be at most 80')
      .and.include('req-42');
    await lookUp('cut off');
    await alert.getByText('could not be reached').waitFor();
    await lookUp('a gateway');
    await alert.getByText('Status 502').waitFor();
  });

  it('keeps the token for the tab alone, and forgets it with the answer', async () => {
    await lookUp(SERIAL);
    await page.getByRole('article').waitFor();
    expect(await page.evaluate('Object.values(sessionStorage)')).to.deep.equal([TOKEN]);
    expect(await page.evaluate('localStorage.length + document.cookie.length')).to.equal(0);
    await page.reload();
    expect(await page.getByLabel('Access token').inputValue()).to.equal(TOKEN);
    await page.getByText('For customs of kaohsiung-customs').waitFor();
    await lookUp(SERIAL);
    await page.getByRole('article').waitFor();
    await page.getByRole('button', { name: 'Forget' }).click();
    await page.getByRole('article').waitFor({ state: 'detached' });
    expect(await page.evaluate('sessionStorage.length')).to.equal(0);
  });

  it('takes everything from its own server, under a policy without inline script or style', async () => {
    await lookUp(HOSTILE);
    await page.getByRole('article').waitFor();
    expect(await page.title()).to.equal('Pill press registry');
    expect(await page.locator('img').count()).to.equal(0);
    expect(complaints).to.deep.equal([]);
    expect(new Set(requested)).to.deep.equal(new Set([server.url]));
    expect(await page.getByRole('link', { name: 'API documentation' }).getAttribute('href')).to.equal(
      '/docs',
    );
  });

  it('works with the keyboard alone, and leads it to the result', async () => {
    await page.getByLabel('Access token').fill(TOKEN);
    await page.getByRole('button', { name: 'Forget' }).focus();
    await page.keyboard.press('Tab');
    await page.keyboard.type(SERIAL);
    await page.keyboard.press('Enter');
    await page.getByRole('article').waitFor();
    await page.waitForFunction(`document.activeElement?.getAttribute('aria-label') === 'Result'`);
  });

  it('fits a phone', async () => {
    await page.setViewportSize({ width: 320, height: 640 });
    for (const serial of [WORN, HOSTILE]) {
      await lookUp(serial);
      await page.getByRole('article').first().waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth')).to.equal(320);
    }
  });

  it('shows the number of a scanned certificate, and says what that does not prove', async () => {
    await page.goto(`${server.url}/?number=${NUMBER}`);
    const note = page.getByRole('region', { name: 'Certificate number' });
    const text = await note.innerText();
    expect(text).to.include(printedNumber(NUMBER)).and.include('doesn’t say that it was issued');
    const last = NUMBER.endsWith('A') ? 'B' : 'A';
    await page.goto(`${server.url}/?number=${NUMBER.slice(0, -1)}${last}`);
    await note.getByText('may have been read or copied wrongly').waitFor();
  });

  it('asks the register about a scanned number once there is a token', async () => {
    await page.goto(`${server.url}/?number=${NUMBER}`);
    await page.getByLabel('Access token').fill(TOKEN);
    await page.getByText('has been used: its goods left').waitFor();
    await page.getByText('declared by acme under INV-1, for 109 items').waitFor();
    const asked = server.asked.find(({ path }) => path === '/v1/declarations');
    expect(asked?.query).to.deep.equal({ number: printedNumber(NUMBER) });
  });
});

function part(content: object): string {
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}
