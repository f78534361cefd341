import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { expect } from 'chai';
import { exportRoute } from '../../../src/modules/exports/export.http.ts';
import type { Export } from '../../../src/modules/exports/export.service.ts';
import { createExportService } from '../../../src/modules/exports/index.ts';
import type { Call } from '../../../src/platform/http/index.ts';
import { until } from '../../support/app.ts';
import { REGULATOR } from '../../support/declarations.ts';
import { failureCode } from '../../support/failures.ts';
import { createMemoryStores, noRecords } from '../../support/memory-stores.ts';
import { itemRecord } from '../../support/records.ts';
import { createTestClock } from '../../support/times.ts';

/** An export of a register without end. */
describe('the call that exports', () => {
  const stores = createMemoryStores(noRecords());
  const record = itemRecord('ENDLESS-77', 100);
  let reads = 0;
  const register = {
    ...stores.register,
    scan: async () => {
      reads += 1;
      await new Promise((resolve) => setImmediate(resolve));
      return { records: Array.from({ length: 20 }, () => record), next: 'next' };
    },
  };
  const exports = createExportService({ ...stores, register, clock: createTestClock() });
  let server: Server;
  let thrown: unknown;

  async function serve(stalledMs: number): Promise<number> {
    const { handle } = exportRoute({ exports, stalledMs });
    server = createServer((request, response) => {
      const call = { actor: REGULATOR, query: {}, request, response, inTurn: <T>(work: () => T) => work() };
      const done = async () => handle(call as unknown as Call);
      done().catch((error: unknown) => (thrown = error));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    expect(thrown).to.equal(undefined);
  });

  /** How many more could begin now. */
  function free(): number {
    const begun: Export[] = [];
    try {
      for (;;) begun.push(exports.open(REGULATOR, {}));
    } catch {
      return begun.length;
    } finally {
      for (const each of begun) each.close();
    }
  }
  const freeOnes = (count: number) => until(async () => (free() === count ? true : null));

  it('waits for a client that is slower, and gives the place of one that left to others', async () => {
    const port = await serve(60_000);
    const clients = [0, 1].map(() => connect(port, '127.0.0.1'));
    for (const client of clients) {
      client.pause();
      client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    }
    await freeOnes(0);
    expect(await failureCode(async () => exports.open(REGULATOR, {}))).to.equal('exports-busy');
    // Nothing more is read once the way to the client is full.
    await until(async () => {
      const before = reads;
      await new Promise((resolve) => setTimeout(resolve, 100));
      return reads === before ? true : null;
    });
    for (const client of clients) client.destroy();
    await freeOnes(2);
  });

  it('cuts a client off that takes nothing any more', async () => {
    const port = await serve(200);
    const client = connect(port, '127.0.0.1');
    client.pause();
    client.on('error', () => undefined);
    client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await freeOnes(1);
    await freeOnes(2);
    client.destroy();
  });
});
