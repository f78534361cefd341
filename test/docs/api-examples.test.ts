import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { App } from '../support/app.ts';
import { OPERATOR, startApp } from '../support/app.ts';
import { EXPORTER, OFFICER, REGULATOR } from '../support/declarations.ts';
import { replayed } from './examples.ts';

const DOCUMENT = fileURLToPath(new URL('../../docs/api.md', import.meta.url));
const TODAY = fileURLToPath(new URL('../../.tmp/api.md', import.meta.url));
const FEWEST = 20;

describe('the examples of docs/api.md', () => {
  let app: App;

  before(async () => {
    app = await startApp();
  });
  after(() => app.close());

  it('are what the registry answers today', async () => {
    const document = readFileSync(DOCUMENT, 'utf8');
    const tokens = {
      $EXPORTER: app.tokenOf(EXPORTER),
      $CUSTOMS: app.tokenOf(OFFICER),
      $REGULATOR: app.tokenOf(REGULATOR),
      $OPERATOR: app.tokenOf(OPERATOR),
    };
    const today = await replayed(document, app, tokens);
    expect(today.examples).to.be.at.least(FEWEST);
    if (today.document !== document) {
      mkdirSync(fileURLToPath(new URL('../../.tmp', import.meta.url)), { recursive: true });
      writeFileSync(TODAY, today.document);
    }
    expect(today.document, 'the document with the answers of today is .tmp/api.md').to.equal(document);
  });
});
