import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import type { Body, WireMessage } from './mongo-wire.ts';
import { createWireReader, replyTo } from './mongo-wire.ts';

/** A command as the driver sent it. */
export interface Command {
  /** Such as `find`; a driver's greeting is `hello`, in whatever form it comes. */
  readonly name: string;
  /** Empty for commands that are about no collection. */
  readonly collection: string;
  readonly body: Body;
}

/** What becomes of a command. `stall`: nothing comes any more, the connection stays. `cut`: the connection breaks. */
export type Part =
  /** Answered in the server's place, which never sees it. */
  | { readonly instead: (command: Command) => Body }
  /** The server does it; its answer is changed on the way. */
  | { readonly answer: (answer: Body, command: Command) => Body }
  /** The server never sees it. */
  | { readonly commandLost: 'stall' | 'cut' }
  /** The server does it, and nobody learns of it. */
  | { readonly answerLost: 'stall' | 'cut' };

export interface Cue {
  readonly command: string;
  readonly collection?: string;
  /** How often the part is played; from then on the server is left alone. `Infinity`: whenever the command comes. */
  readonly times?: number;
}

/** A wire between a driver and a MongoDB on which one can listen, and which can play another server. */
export interface WireProxy {
  /** The server's address by way of this wire. */
  readonly url: string;
  /** What came over it since `clear`, greetings and signing in left out. */
  readonly commands: readonly Command[];
  play(cue: Cue, part: Part): void;
  /** How many parts wait for commands that didn't come. */
  waiting(): number;
  /** Forgets parts and commands. */
  clear(): void;
  close(): Promise<void>;
}

const GREETINGS = ['hello', 'ismaster', 'isMaster'];
const NOT_KEPT = [...GREETINGS, 'saslStart', 'saslContinue', 'ping', 'endSessions'];

/** @param url of one server, without TLS */
export async function startWireProxy(url: string): Promise<WireProxy> {
  const upstream = addressIn(url);
  const commands: Command[] = [];
  let cues: { readonly cue: Cue; readonly part: Part; left: number }[] = [];
  const sockets = new Set<Socket>();

  function partFor({ name, collection }: Command): Part | null {
    const found = cues.find(
      ({ cue, left }) =>
        left > 0 && cue.command === name && (cue.collection === undefined || cue.collection === collection),
    );
    if (found === undefined) return null;
    found.left -= 1;
    return found.part;
  }

  function join(driver: Socket): void {
    const server = connect(upstream.port, upstream.host);
    const waiting = new Map<number, (answer: WireMessage) => void>();
    const breakOff = (): void => [driver, server].forEach((socket) => socket.destroy());
    for (const socket of [driver, server]) {
      sockets.add(socket);
      socket
        .on('error', breakOff)
        .on('close', breakOff)
        .once('close', () => sockets.delete(socket));
    }
    driver.on(
      'data',
      createWireReader((message) => {
        const command = commandOf(message);
        if (command !== null && !NOT_KEPT.includes(command.name)) commands.push(command);
        const part = command === null ? null : partFor(command);
        if (command === null || part === null) server.write(message.bytes);
        else if ('instead' in part) driver.write(replyTo(message, part.instead(command)));
        else if ('commandLost' in part) lose(part.commandLost);
        else {
          waiting.set(message.requestId, ({ body }) => {
            if ('answer' in part) driver.write(replyTo(message, part.answer(body ?? {}, command)));
            else lose(part.answerLost);
          });
          server.write(message.bytes);
        }
      }),
    );
    server.on(
      'data',
      createWireReader((message) => {
        const change = waiting.get(message.responseTo);
        waiting.delete(message.responseTo);
        if (change === undefined) driver.write(message.bytes);
        else change(message);
      }),
    );
    const lose = (how: 'stall' | 'cut'): void => {
      if (how === 'cut') breakOff();
    };
  }

  const listener = createServer(join).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    url: upstream.by(`127.0.0.1:${(listener.address() as AddressInfo).port}`),
    commands,
    play: (cue, part) => void cues.push({ cue, part, left: cue.times ?? 1 }),
    waiting: () => cues.filter(({ left }) => left > 0 && left < Infinity).length,
    clear() {
      cues = [];
      commands.length = 0;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      listener.close();
      await once(listener, 'close');
    },
  };
}

function commandOf({ body }: WireMessage): Command | null {
  const [name, about] = Object.entries(body ?? {})[0] ?? [];
  if (body === null || name === undefined) return null;
  const collection = typeof about === 'string' ? about : '';
  return { name: GREETINGS.includes(name) ? 'hello' : name, collection, body };
}

/** Where a server listens, and its address when it is reached by another way. */
function addressIn(url: string): { host: string; port: number; by: (hostAndPort: string) => string } {
  const parts = /^(mongodb:\/\/(?:[^@/]*@)?)([^/?,:]+)(?::(\d+))?(?:,[^/?]*)?(?:\/([^?]*))?(?:\?(.*))?$/.exec(
    url,
  );
  if (parts === null) throw new Error('no address of a MongoDB server');
  const [, start = '', host = '', port = '27017', path = '', query = ''] = parts;
  // The driver must not go looking for the servers of a replica set, past this wire.
  const kept = query.split('&').filter((option) => !/^(|replicaSet=.*|directConnection=.*)$/i.test(option));
  const options = [...kept, 'directConnection=true', 'serverMonitoringMode=poll'].join('&');
  return { host, port: Number(port), by: (hostAndPort) => `${start}${hostAndPort}/${path}?${options}` };
}
