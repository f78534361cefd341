import type { AddressInfo } from 'node:net';
import express from 'express';
import mongoose from 'mongoose';

// The floor that look-ups on MongoDB are measured against: bare express over the bare driver's findOne on the same
// index of the same collection, with neither authorisation nor log. The document holds item, head and events.

const [url = ''] = process.argv.slice(2);
const client = new mongoose.mongo.MongoClient(url, { maxPoolSize: 20, readConcern: { level: 'majority' } });
await client.connect();
const items = client.db().collection('items');

const app = express();
app.get('/lookup', async (request, response) => {
  response.json(await items.findOne({ folds: request.query['key'] }));
});
const server = app.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`The floor accepts requests on http://127.0.0.1:${port}\n`);
});
process.once('SIGTERM', () => server.close(() => void client.close()));
