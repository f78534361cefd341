import { expect } from 'chai';
import { ROLES } from '../../src/kernel/actor.ts';
import { isAction, isAllowed } from '../../src/modules/access/index.ts';
import { DECLARATION_STATES } from '../../src/modules/declarations/declaration.ts';
import { REPORTS } from '../../src/modules/audit/reports.ts';
import { PUBLIC } from '../../src/platform/http/index.ts';
import { filesBelow, textOf } from '../architecture/tree.ts';
import { everyRoute } from '../support/routes.ts';

const DOCUMENT = textOf('docs/api.md');
/** Not a check each, but what checks share. */
const NO_CHECK = /\/(check|coming-to-exporter)\.ts$/;
/** Told to people at a command line, not to callers. */
const NOT_ANSWERED = ['token-request-invalid', 'queue-away', 'client-gone'];
/** Verdict reasons that are named after an item's state. */
const STATE_REASONS = ['lost', 'stolen', 'seized', 'destroyed'];

/** The rows of the table under a heading, each as the texts of its cells. */
function rows(heading: string): string[][] {
  const section = DOCUMENT.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** The codes in backticks in one column. */
function codes(heading: string, column: number): string[] {
  return rows(heading).flatMap((row) =>
    [...(row[column] ?? '').matchAll(/`([^`]+)`/g)].map(([, code = '']) => code),
  );
}

function found(file: string, pattern: RegExp): string[] {
  return [...textOf(file).matchAll(pattern)].map(([, code = '']) => code);
}

describe('the tables of docs/api.md', () => {
  it('list every call with the roles that may make it, and no other', () => {
    const routes = everyRoute().filter(({ action }) => action !== PUBLIC);
    const wanted = routes.map(({ method, path, action }) => {
      const granted = ROLES.map((role) => (isAction(action) && isAllowed(role, action) ? 'yes' : ''));
      return [`\`${method.toUpperCase()} ${path}\``, ...granted];
    });
    expect(rows('Calls and roles')).to.have.deep.members(wanted);
  });

  it('list every state of a declaration', () => {
    expect(codes('States of a declaration', 0)).to.have.members([...DECLARATION_STATES]);
  });

  it('list every finding', () => {
    const checks = filesBelow('src/modules/verification/checks', /\.ts$/).filter(
      (file) => !NO_CHECK.test(file),
    );
    const inChecks = checks.map((file) => found(file, /(?:\bcode: |\bfinding\()'([a-z-]+)'/g));
    expect(inChecks.map((each) => each.length)).not.to.include(0);
    const service = found('src/modules/verification/verification.service.ts', /\bcode: '([a-z-]+)'/g);
    const all = new Set([...inChecks.flat(), ...service]);
    expect(codes('Findings', 0)).to.have.members([...all]);
  });

  it('list every reason of a verdict', () => {
    const reasons = found('src/modules/lookup/verdict.ts', /\bcode: '([a-z-]+)'/g);
    const ofItems = found(
      'src/modules/lookup/item-reasons.ts',
      /(?:\bcode: |\b(?:info|caution)\(\s*)'([a-z-]+)'/g,
    );
    expect(codes('Verdicts and their reasons', 0)).to.have.members([
      ...new Set([...reasons, ...ofItems, ...STATE_REASONS]),
    ]);
  });

  it('list every report, with what it heeds and the codes of its rows', () => {
    expect(codes('Reports', 0)).to.deep.equal(REPORTS.map(({ name }) => name));
    const heeded = rows('Reports').map(([, , cell = '']) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
    );
    expect(heeded).to.deep.equal(REPORTS.map(({ heeds }) => [...heeds]));
    const inReports = filesBelow('src/modules/audit/reports', /\.ts$/).flatMap((file) => [
      ...found(file, /(?:\bcode: |\brow\(\s*)'([a-z-]+)'/g),
      ...found(file, /\bcode: \w[^?\n]* \? '([a-z-]+)'/g),
      ...found(file, /\bcode: \w[^?\n]* \? '[a-z-]+' : '([a-z-]+)'/g),
    ]);
    const derived = ['after-destroyed', 'after-lost', 'after-stolen'];
    const summaries = ['exporter-summary', 'destination-summary', 'month-summary'];
    expect(codes('Reports', 1)).to.have.members([...new Set([...inReports, ...derived, ...summaries])]);
  });

  it('list every code of a problem', () => {
    const thrown = filesBelow('src', /\.ts$/).flatMap((file) => [
      ...found(file, /new Failure\(\s*'[a-z-]+',\s*'([a-z-]+)'/g),
      ...found(file, /\brefusal\(\s*(?:\d+,\s*)?'([a-z-]+)'/g),
      ...found(file, /\bproblem\(\d+, '([a-z-]+)'/g),
    ]);
    const missing = [...new Set(thrown)].filter((code) => !NOT_ANSWERED.includes(code));
    expect(missing).to.include('idempotency-mismatch').and.to.include('token-expired');
    expect(codes('Problem codes', 1)).to.include.members(missing);
  });
});
