import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { expect } from 'chai';
import { releaseWritersOfClosedSockets } from '../../../src/platform/mongo/closed-sockets.ts';
import { declarationWith } from '../../support/declarations.ts';
import { throughWire } from '../../support/wired.ts';

const OPENED = 'net.client.socket';
const AT_ONCE = 5;

throughWire('a store whose connections break while it is asked', (wired) => {
  const sockets = new Set<Socket>();
  const keep = (message: unknown): void => void sockets.add((message as { socket: Socket }).socket);
  before(() => subscribe(OPENED, keep));
  after(() => unsubscribe(OPENED, keep));

  it('answers or refuses each call, and goes on', async () => {
    const stores = await wired().openStores();
    const { declarations, lookupLog } = stores;
    const first = declarationWith(1);
    await declarations.insert(first);
    const many = () => Array.from({ length: AT_ONCE }, () => declarations.find('dcl_none'));
    for (let round = 2; round < 7; round += 1) {
      await Promise.allSettled(many());
      // Gone, and nothing told yet: what is asked now is written into what can't be written to.
      for (const socket of sockets) socket.destroy();
      await Promise.allSettled([...many(), lookupLog.count(), declarations.insert(declarationWith(round))]);
    }
    expect(await declarations.find(first.id)).to.deep.equal(first);
    await stores.close();
  });
});

describe('a socket that is closed', () => {
  it('lets go whoever waits to write to it, also with TLS', async () => {
    releaseWritersOfClosedSockets();
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connectTls({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
    socket.on('error', () => undefined);
    socket.destroy();
    expect(socket.write('more')).to.equal(false);
    await once(socket, 'drain');
    server.close();
  });
});
