import mongoose from 'mongoose';
import { loadEnvironment, readConfig } from '../../src/config/config.ts';
import { systemClock, systemRandom } from '../../src/main/clock.ts';
import { buildMongoIndexes, openMongoStores } from '../../src/main/mongo-stores.ts';
import { createRegisterService } from '../../src/modules/register/index.ts';
import { bulkInsertFloor } from './bulk-floor.ts';
import { fillRegister } from './fill.ts';
import { openMongoProbe } from './mongo-probe.ts';
import type { Place } from './product.ts';
import { count, say } from './report.ts';

const STEP = 10_000;

/** A database of its own on the server of DATABASE_URL, filled through the ports; dropped at the end. */
export async function mongoPlace(items: number): Promise<Place> {
  const { databaseUrl } = readConfig(loadEnvironment());
  if (databaseUrl === undefined) throw new Error('set DATABASE_URL to the MongoDB that is to be measured');
  const url = withDatabase(databaseUrl, `bench_${process.pid}`);
  const clock = systemClock();
  const random = systemRandom();
  await buildMongoIndexes({ url, clock }, () => undefined);
  const stores = await openMongoStores({ url, clock }, random.nonce());
  const register = createRegisterService({ store: stores.register, random });
  const begun = performance.now();
  let said = 0;
  const filled = await fillRegister(register, items, (done) => {
    if (done - said < STEP) return;
    said = done;
    say(`${count(done)} of ${count(items)} items`);
  });
  const seconds = (performance.now() - begun) / 1_000;
  say(`filled through the ports: ${count(filled / seconds)} items/s with three or four events each`);
  await stores.close();
  return {
    openProbe: () => openMongoProbe(url),
    env: { DATABASE_URL: url },
    async floor(rows) {
      const connection = await mongoose.createConnection(url).asPromise();
      try {
        return await bulkInsertFloor(connection, rows);
      } finally {
        await connection.destroy();
      }
    },
    async clean() {
      const connection = await mongoose.createConnection(url).asPromise();
      await connection.dropDatabase();
      await connection.destroy();
    },
  };
}

/** The address with another database in its path; whoever may sign in still signs in where they did. */
function withDatabase(url: string, name: string): string {
  const [, base = '', path = '', query = ''] = /^([^?]*?:\/\/[^/?]+)\/?([^?]*)\??(.*)$/.exec(url) ?? [];
  const source = query.includes('authSource=') || !base.includes('@') ? '' : `authSource=${path || 'admin'}`;
  const options = [query, source].filter((part) => part !== '').join('&');
  return `${base}/${name}${options === '' ? '' : `?${options}`}`;
}
