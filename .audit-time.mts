import { openSqliteStores } from './src/main/stores.ts';
import { scratchIn } from './src/main/scratch.ts';
import { createRegistry } from './src/main/registry.ts';
import { loadCatalogue } from './src/modules/catalogue/index.ts';
import { REPORTS } from './src/modules/audit/reports.ts';
import { jsonLine } from './src/modules/audit/audit-text.ts';
const dir = process.argv[2]!;
const only = process.argv[3];
const stores = openSqliteStores(dir + '/registry.sqlite', 'x');
const catalogue = loadCatalogue('catalogue', undefined as never);
const clock = { now: () => new Date().toISOString() };
const random = { nonce: () => Math.random().toString(16).slice(2) } as never;
const registry = createRegistry({ stores, catalogue, requests: { request: async () => {} }, clock, random, expiryDays: 180, deferred: () => {} });
const audit = registry.audits(scratchIn('/tmp/aside', random));
for (const r of REPORTS) {
  if (only && r.name !== only) continue;
  const t = performance.now(); let rows = 0, bytes = 0; const codes: Record<string, number> = {}; let sample = ''; let longest = 0, last = performance.now();
  await audit.run({ report: r.name, settings: {} }, { begin() {}, async take(p) { for (const x of p.rows) { rows++; codes[x.row.code] = (codes[x.row.code] ?? 0) + 1; const l = jsonLine(x.row, x.cursor); bytes += l.length; if (Object.values(codes).length && codes[x.row.code] === 1) sample += '   ' + l.slice(0, 420) + '\n'; } return true; }, async inTurn(w) { const t1 = performance.now(); const v = await w(); longest = Math.max(longest, performance.now() - t1); return v; } });
  console.log(r.name, ((performance.now() - t) / 1000).toFixed(1) + 's', rows, 'rows', (bytes / 1e6).toFixed(1) + 'MB', 'longest', longest.toFixed(0), 'rss', (process.memoryUsage().rss / 1e6).toFixed(0), JSON.stringify(codes)); console.log(sample);
}
