import { expect } from 'chai';
import { createPrng } from '../../../scripts/generator/prng.ts';
import type { Prng } from '../../../scripts/generator/prng.ts';
import { openSqliteStores } from '../../../src/main/stores.ts';
import type { Format, ImportOptions } from '../../../src/modules/imports/import.ts';
import { FORMATS, ON_ERROR } from '../../../src/modules/imports/import.ts';
import { workbookOf } from '../../../src/modules/imports/xlsx-template.xlsx.ts';
import { filing } from '../../support/declarations.ts';
import { removeFolders } from '../../support/folders.ts';
import { openImporting } from '../../support/importing.ts';

const SEED = Number(process.env['HOSTILE_SEED'] ?? 1);
const OF_EACH = 12;
const HEAD = [
  'reference',
  'kind',
  'maker',
  'serial',
  'destination',
  'consignee',
  'consignee country',
  'end user',
  'end user country',
  'end use',
  'port of exit',
  'transport',
  'planned exit',
];

/** Rows of good declarations, as cells under `HEAD`. */
function goodRows(prefix: string): string[][] {
  return Array.from({ length: 12 }, (_, no) => [
    `${prefix}-${no % 5}`,
    'die',
    'PTK',
    `${prefix}-S-${no}`,
    'AU',
    'H',
    'AU',
    'H',
    'AU',
    'Use, "quoted"',
    'TWKHH',
    'sea',
    '2036-12-15',
  ]);
}

async function goodFile(format: Format, prefix: string): Promise<Buffer> {
  const rows = goodRows(prefix);
  if (format === 'xlsx') return workbookOf([HEAD, ...rows]);
  if (format === 'csv') {
    const quoted = (cells: readonly string[]) =>
      cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',');
    return Buffer.from([HEAD, ...rows].map(quoted).join('\r\n'));
  }
  const { items: _items, ...whole } = filing();
  const lines = rows.map(([reference, kind, maker, serial]) =>
    JSON.stringify({ ...whole, reference, kind, maker, serial }),
  );
  return Buffer.from(lines.join('\n'));
}

const NASTY = [
  '\u0000',
  '\ufffe',
  '"',
  '\r',
  '\n\n',
  '=cmd()',
  '𐏿'.slice(0, 1),
  '\u202e',
  '\t',
  "'",
  '{',
  ']',
  '\\u0000',
  '__proto__',
  '9'.repeat(400),
  '5e999',
  'x'.repeat(50_000),
  ',',
  ';',
];

/** Ways to spoil a file. */
const SPOILERS: Readonly<Record<string, (file: Buffer, prng: Prng) => Buffer>> = {
  'cut off': (file, prng) => file.subarray(0, prng.integer(0, file.length - 1)),
  'with a hole': (file, prng) => {
    const from = prng.integer(0, file.length - 2);
    return Buffer.concat([file.subarray(0, from), file.subarray(prng.integer(from + 1, file.length))]);
  },
  'with wrong bits': (file, prng) => {
    const spoilt = Buffer.from(file);
    for (let no = 0; no < 5; no += 1) spoilt[prng.integer(0, file.length - 1)]! ^= 1 << prng.integer(0, 7);
    return spoilt;
  },
  'with something nasty in it': (file, prng) => {
    const at = prng.integer(0, file.length);
    const nasty = Buffer.from(NASTY[prng.integer(0, NASTY.length - 1)]!);
    return Buffer.concat([file.subarray(0, at), nasty, file.subarray(at)]);
  },
  twice: (file) => Buffer.concat([file, file]),
  'in UTF-16 without saying so': (file) => Buffer.from(file.toString('utf8'), 'utf16le'),
  'of chance': (file, prng) => Buffer.from(Array.from({ length: file.length }, () => prng.integer(0, 255))),
};

describe('files that are not as they should be', () => {
  after(removeFolders);

  for (const format of FORMATS) {
    for (const [what, spoil] of Object.entries(SPOILERS)) {
      it(`${format} ${what}: come to an end, with every row accounted for`, async () => {
        const prng = createPrng(SEED * 1_000 + what.length * 10 + format.length);
        for (let no = 0; no < OF_EACH; no += 1) {
          for (const onError of ON_ERROR) {
            const stores = openSqliteStores(':memory:', 'reg_hostile');
            const process = openImporting(stores);
            const options: ImportOptions = { format, onError, mapping: {} };
            const done = await process.imported(spoil(await goodFile(format, `F${no}`), prng), options);
            const where = `${onError}, file ${no}: ${JSON.stringify(done)}`;
            const { status, rowsRead, rowsAccepted, rowsRefused, declarationsFiled, problem } = done;
            const [accepted, refused] = [
              await process.rows(done.id, 'accepted'),
              await process.rows(done.id, 'refused'),
            ];
            expect(await stores.declarations.count(), where).to.equal(declarationsFiled);
            expect([accepted.length, refused.length], where).to.deep.equal([rowsAccepted, rowsRefused]);
            if (status === 'completed') {
              expect(rowsAccepted + rowsRefused, where).to.equal(rowsRead);
              if (onError === 'rollback') expect(rowsRefused, where).to.equal(0);
            } else {
              expect(status, where).to.equal('refused');
              expect(declarationsFiled, where).to.equal(0);
              expect(problem?.message, where).to.match(/^[A-Z].*\.$/s);
            }
            for (const row of refused) {
              expect('faults' in row && row.faults.length, where).to.be.above(0);
            }
            await stores.close();
          }
        }
      }).timeout(120_000);
    }
  }
});
