import type { AddressInfo } from 'node:net';
import Database from 'better-sqlite3';
import express from 'express';

// The floor that look-ups are measured against: bare express over the bare driver, doing the same indexed reads on
// the same database, with neither authorisation nor log. Its answer holds the same facts, as the rows keep them.

const [file = ''] = process.argv.slice(2);
const db = new Database(file, { readonly: true });
const items = db.prepare<[string], { no: number }>('SELECT * FROM items WHERE serial_key = ?');
const events = db.prepare<[number]>('SELECT * FROM item_events WHERE item_no = ? ORDER BY seq');

const app = express();
app.get('/lookup', (request, response) => {
  const found = items.all(request.query['key'] as string);
  response.json(found.map((item) => ({ item, events: events.all(item.no) })));
});
const server = app.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`The floor accepts requests on http://127.0.0.1:${port}\n`);
});
process.once('SIGTERM', () => server.close(() => db.close()));
