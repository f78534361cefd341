import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/**
 * What a wire does. `pass`: forwards. `stall`: takes connections and bytes, forwards none until it is healed. `silence`:
 * the same, but what was connected then stays dead for ever, as when a router forgets its connections. `reset`: breaks
 * everything off. `drip`: a few bytes at a time. `cut`: breaks a connection off in the middle of a message. `refuse`:
 * takes no connections, breaks off the present ones.
 */
export type Wire = 'pass' | 'stall' | 'silence' | 'reset' | 'drip' | 'cut' | 'refuse';

/** A wire to 127.0.0.1:`to` that can be disturbed. */
export interface TcpProxy {
  readonly port: number;
  set(wire: Wire): void;
  close(): Promise<void>;
}

const DRIP_BYTES = 9;
const DRIP_EVERY_MS = 15;
/** Of what a connection may still carry before it is cut: enough to sign in, not enough to get far. */
const CUT_AFTER_BYTES = 600;

export async function tcpProxy(to: number, port = 0): Promise<TcpProxy> {
  const links = new Set<Link>();
  let wire: Wire = 'pass';

  const server = createServer({ pauseOnConnect: true }, (inner) => {
    if (wire === 'reset' || wire === 'refuse') {
      inner.resetAndDestroy();
      return;
    }
    const link = joined(inner, to, () => wire);
    links.add(link);
    inner.once('close', () => links.delete(link));
  });
  await listening(server, port);
  const chosen = (server.address() as AddressInfo).port;

  return {
    port: chosen,
    set(next) {
      const before = wire;
      wire = next;
      if (next === 'reset' || next === 'refuse') for (const link of links) link.breakOff();
      if (next === 'silence') for (const link of links) link.forget();
      if (before === 'silence') for (const link of links) link.forget();
      if (next === 'refuse') server.close();
      else if (before === 'refuse') server.listen(chosen, '127.0.0.1');
      for (const link of links) link.turned();
    },
    async close() {
      for (const link of links) link.breakOff();
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
  };
}

interface Link {
  /** The wire behaves in another way from now on. */
  turned(): void;
  /** Nothing passes on it any more, and neither end is told. */
  forget(): void;
  breakOff(): void;
}

function joined(inner: Socket, to: number, wire: () => Wire): Link {
  const outer = connect(to, '127.0.0.1');
  let dead = false;
  const flows = [flow(inner, outer), flow(outer, inner)];
  for (const [socket, other] of [
    [inner, outer],
    [outer, inner],
  ] as const) {
    socket.on('error', () => undefined);
    // What is dead stays open until its owner gives it up.
    socket.on('close', () => (dead && socket === outer ? undefined : other.destroy()));
  }

  function breakOff(): void {
    inner.resetAndDestroy();
    outer.resetAndDestroy();
  }

  function flow(from: Socket, into: Socket): { pump: () => void } {
    const held: Buffer[] = [];
    let left = CUT_AFTER_BYTES;
    let timer: NodeJS.Timeout | undefined;

    function pump(): void {
      if (dead || from.destroyed) return;
      switch (wire()) {
        case 'pass':
          for (const bytes of held.splice(0)) into.write(bytes);
          break;
        case 'drip':
          timer ??= setTimeout(drip, DRIP_EVERY_MS);
          break;
        case 'cut':
          cut();
          break;
        case 'stall':
        case 'silence':
        case 'reset':
        case 'refuse':
          break;
      }
    }

    function drip(): void {
      timer = undefined;
      const [first] = held;
      if (first === undefined || dead) return;
      into.write(first.subarray(0, DRIP_BYTES));
      if (first.length > DRIP_BYTES) held[0] = first.subarray(DRIP_BYTES);
      else held.shift();
      pump();
    }

    function cut(): void {
      for (const bytes of held.splice(0)) {
        if (bytes.length < left) {
          into.write(bytes);
          left -= bytes.length;
          continue;
        }
        into.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), breakOff);
        return;
      }
    }

    from.on('data', (bytes: Buffer) => {
      held.push(bytes);
      pump();
    });
    from.resume();
    return { pump };
  }

  return {
    turned: () => flows.forEach(({ pump }) => pump()),
    forget: () => void (dead = true),
    breakOff,
  };
}

async function listening(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}
