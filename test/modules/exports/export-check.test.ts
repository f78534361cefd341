import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { EXPORTER, REGULATOR, RIVAL } from '../../support/declarations.ts';
import { faultsIn, linesIn, openExporting } from '../../support/exporting.ts';

/** The text with other lines, each without its line feed. */
const withLines = (text: string, change: (lines: string[]) => string[]): string =>
  `${change(text.trimEnd().split('\n')).join('\n')}\n`;
const replaced = (text: string, index: number, line: (before: string) => string): string =>
  withLines(text, (lines) => lines.with(index, line(lines.at(index) ?? '')));
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** As somebody would make it who knows how parts, chain and manifest are made. */
function made(text: string, change: (record: Record<string, unknown>) => void): string {
  let part = '';
  let records = 0;
  let no = 0;
  let chain = sha256('');
  return withLines(text, (lines) =>
    lines.map((line) => {
      const value = JSON.parse(line) as Record<string, Record<string, unknown>>;
      if (value['part'] !== undefined) {
        const hash = sha256(part);
        chain = sha256(chain + hash);
        part = '';
        const told = { part: { ...value['part'], no: (no += 1), records, sha256: hash } };
        records = 0;
        return JSON.stringify(told);
      }
      if (value['manifest'] !== undefined) {
        return JSON.stringify({ manifest: { ...value['manifest'], sha256: chain } });
      }
      change(value);
      records += 1;
      const record = JSON.stringify(value);
      part += `${record}\n`;
      return record;
    }),
  );
}

describe('the check of an export', () => {
  let text: string;
  let own: string;
  let count: number;

  before(async () => {
    const { file, exported } = openExporting();
    await file('A-1', ['A-1-77', 'Ä-2-77', '衝頭-3']);
    await file('R-1', ['A-1-77', 'R-1-77'], RIVAL);
    await file('A-2', ['R-1-77', 'A-4-77']);
    text = await exported(REGULATOR);
    own = await exported(EXPORTER);
    count = linesIn(text).length;
  });

  it('finds nothing wrong with what the registry gave', async () => {
    for (const each of [text, own]) {
      for (const deep of [true, false]) expect(await faultsIn(each, deep)).to.deep.equal([]);
    }
  });

  it('finds a changed byte, wherever it is', async () => {
    const bytes = Buffer.from(text);
    for (let at = 5; at < bytes.length; at += 97) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      const line = bytes.subarray(0, at).toString('utf8').split('\n').length;
      const isEnd = line === count;
      const isCursor = linesIn(text)[line - 1]?.part !== undefined;
      // What only tells where and when: no record of it can be checked.
      if (isEnd || isCursor) continue;
      expect(await faultsIn(changed.toString('utf8')), `byte ${at}`).not.to.deep.equal([]);
      expect(await faultsIn(changed.toString('utf8'), false), `byte ${at}`).not.to.deep.equal([]);
    }
  });

  it('finds a line that is gone, moved, doubled or empty, whichever it is', async () => {
    for (let index = 0; index < count; index += 1) {
      const without = withLines(text, (lines) => lines.toSpliced(index, 1));
      expect(await faultsIn(without, false), `without line ${index + 1}`).not.to.deep.equal([]);
      const doubled = withLines(text, (lines) => lines.toSpliced(index, 0, lines[index] ?? ''));
      expect(await faultsIn(doubled, false), `line ${index + 1} twice`).not.to.deep.equal([]);
      const emptied = withLines(text, (lines) => lines.toSpliced(index, 0, ''));
      expect(await faultsIn(emptied, false)).to.deep.equal([
        `${index + 2}: There is an empty line before this one.`,
      ]);
      if (index + 1 === count) continue;
      const moved = withLines(text, (lines) =>
        lines.toSpliced(index, 2, lines[index + 1] ?? '', lines[index] ?? ''),
      );
      expect(await faultsIn(moved, false), `line ${index + 1} moved`).not.to.deep.equal([]);
    }
  });

  it('finds parts that are gone or moved', async () => {
    const parts = text.split(/(?<=^\{"part":.*\n)/m);
    for (let index = 0; index < parts.length - 1; index += 1) {
      const without = await faultsIn(parts.toSpliced(index, 1).join(''), false);
      expect(without).to.include.members([
        `${without.at(-1)?.split(':')[0]}: The parts are not those that the manifest was made of.`,
      ]);
    }
    const [first = '', second = ''] = parts;
    const moved = await faultsIn(parts.toSpliced(0, 2, second, first).join(''), false);
    expect(moved[0]).to.match(/^\d+: This is part 2, and it should be part 1\.$/);
  });

  it('finds that the end is missing, wherever it was cut', async () => {
    for (let at = 0; at < text.length; at += 331) {
      const faults = await faultsIn(text.slice(0, at), false);
      expect(faults.at(-1)).to.equal('-1: The manifest is missing: this is not all of the export.');
    }
    const [last] = await faultsIn(text.slice(0, -1), false);
    expect(last).to.equal(`${count}: The text ends in the middle of this line.`);
    expect(await faultsIn(`${text}{"item":{}}\n`)).to.deep.equal([
      `${count + 1}: There is something behind the manifest.`,
    ]);
    expect(await faultsIn('anything\n')).to.include('1: This is no line of an export.');
  });

  it('finds a manifest that counts otherwise', async () => {
    for (const name of ['parts', 'declarations', 'items', 'events']) {
      const other = replaced(text, -1, (line) => line.replace(new RegExp(`"${name}":\\d+`), `"${name}":77`));
      const faults = await faultsIn(other);
      expect(faults).to.have.length(1);
      expect(faults[0]).to.include(`The manifest counts 77 ${name}, and there are `);
    }
    expect(await faultsIn(replaced(text, -1, () => '{"manifest":{}}'))).to.deep.equal([
      `${count}: The manifest can not be read.`,
    ]);
  });

  describe('looks into records, so that parts made anew don’t help', () => {
    type History = { seq: number; actor: { sub?: string }; itemId: string; place?: string }[];
    const changed = (change: (history: History) => void, of = text): Promise<string[]> => {
      let isDone = false;
      return faultsIn(
        made(of, ({ history }) => {
          if (history === undefined || isDone) return;
          isDone = true;
          change(history as History);
        }),
      );
    };

    it('and finds nothing in what is only made anew', async () => {
      expect(await changed(() => undefined)).to.deep.equal([]);
    });

    it('at an event’s digest', async () => {
      const faults = await changed((history) => Object.assign(history[0] ?? {}, { place: 'AUSYD' }));
      expect(faults).to.have.length(1);
      expect(faults[0]).to.match(/^\d+: The event evt_\w+ is not what its digest says\.$/);
    });

    it('at an event’s place', async () => {
      const [order] = await changed((history) => void history.reverse());
      expect(order).to.match(/^\d+: The events of itm_\w+ are not in order of seq\.$/);
      const [gap] = await changed((history) => Object.assign(history[0] ?? {}, { seq: 2 }));
      expect(gap).to.include('not what its digest says');
      const lacking = await changed((history) => void history.shift());
      expect(lacking.join()).to.include('A history has a gap, first in line');
    });

    it('at who acted, and to which item', async () => {
      const faults = await changed((history) => delete history[0]?.actor.sub);
      expect(faults.join()).to.include('An event does not say who acted, first in line');
      const other = await changed((history) => Object.assign(history[0] ?? {}, { itemId: 'itm_other' }));
      expect(other.join()).to.include('is of another item');
    });

    it('unless they are what an exporter gets', async () => {
      const faults = await changed((history) => delete history[0]?.actor.sub, own);
      expect(faults).to.deep.equal([]);
    });

    it('at records that are none', async () => {
      for (const line of [
        '{"item":null}',
        '{"item":{}}',
        '{"declaration":7}',
        '{"item":{"itemId":"x"},"history":{}}',
      ]) {
        const [fault] = await faultsIn(replaced(text, 0, () => line));
        expect(fault).to.match(/^1: The line can not be read as (item|declaration)\.$/);
      }
      const odd = replaced(
        text,
        0,
        () => '{"item":{"itemId":"x"},"history":[null,{"seq":1,"actor":{"sub":null},"itemId":"x"}]}',
      );
      expect((await faultsIn(odd)).slice(0, 2).join())
        .to.include('not in order of seq')
        .and.to.include('digest');
    });
  });
});
