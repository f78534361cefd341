/** What became of a request for a place: it begins now or later, or there are too many: of this client, or of all. */
export type Admittance = 'begun' | 'waiting' | 'client-busy' | 'overloaded';

export interface PlaceRequest {
  /** Each client gets its turn. */
  readonly client: string;
  /** Called once, when there is a place; what it is given gives the place back. */
  begin(leave: () => void): void;
  /** Called instead when it has waited for too long: whose doing that is. */
  giveUp(reason: 'client-busy' | 'overloaded'): void;
}

/** Places to be worked at, shared fairly among clients. */
export interface Places {
  ask(request: PlaceRequest): Admittance;
  /** Takes back a request that waits; nothing when it has begun. */
  withdraw(request: PlaceRequest): void;
  readonly underWay: number;
  readonly waiting: number;
}

export interface PlacesOptions {
  /** So many requests are worked on at once; the rest waits. */
  readonly atOnce: number;
  /** So many of these may be one client's while others are present. */
  readonly perClient: number;
  /** A request that would wait longer than this, as far as can be told, is refused when it comes. */
  readonly maxExpectedWaitMs: number;
  /** One that was told wrongly is given up after this. */
  readonly maxWaitMs: number;
  /** So many wait, of one client and of all, however fast the work goes. */
  readonly maxWaitingOfClient: number;
  readonly maxWaiting: number;
  /** A client counts as present for so long after it asked; default one second. */
  readonly presentMs?: number;
  /** A clock that only goes forward, in milliseconds. */
  readonly monotonic?: () => number;
}

interface Waiting {
  readonly request: PlaceRequest;
  readonly since: number;
}

/** How much the latest request counts in the mean time of a request. */
const WEIGHT = 0.05;
const SWEEP_EVERY_MS = 20;
const PRESENT_MS = 1_000;

/**
 * Clients that wait take turns, whatever each of them has sent: one that floods waits behind its own requests, not in
 * front of others'. What would wait too long is refused before anything is spent on it, so that nobody waits for an
 * answer that comes too late (compare CoDel, RFC 8289: it is the time in the queue that counts, not its length).
 */
export function createPlaces(options: PlacesOptions): Places {
  const { atOnce, perClient, maxExpectedWaitMs, maxWaitMs, maxWaitingOfClient, maxWaiting } = options;
  const presentMs = options.presentMs ?? PRESENT_MS;
  const monotonic = options.monotonic ?? (() => performance.now());
  const queues = new Map<string, Waiting[]>();
  const held = new Map<string, number>();
  /** Who asked lately, and when they asked last. */
  const present = new Map<string, number>();
  let underWay = 0;
  let waiting = 0;
  let meanMs = 0;
  let sweep: NodeJS.Timeout | undefined;
  let farewell: NodeJS.Timeout | undefined;

  function begin({ client, begin: work }: PlaceRequest): void {
    underWay += 1;
    held.set(client, (held.get(client) ?? 0) + 1);
    const begunAt = monotonic();
    let isLeft = false;
    work(() => {
      if (isLeft) return;
      isLeft = true;
      underWay -= 1;
      const left = (held.get(client) ?? 1) - 1;
      if (left === 0) held.delete(client);
      else held.set(client, left);
      meanMs += WEIGHT * (monotonic() - begunAt - meanMs);
      beginNext();
    });
  }

  /** Alone, a client may have all places. */
  function hasShare(client: string): boolean {
    const own = held.get(client) ?? 0;
    return own < perClient || (own === underWay && present.size === 1);
  }

  function greet(client: string): void {
    present.set(client, monotonic());
    farewell ??= setInterval(() => {
      const gone = monotonic() - presentMs;
      for (const [each, askedAt] of present) if (askedAt < gone && !queues.has(each)) present.delete(each);
      // Whoever waited for others to be gone may go on.
      beginNext();
      if (present.size > 0) return;
      clearInterval(farewell);
      farewell = undefined;
    }, presentMs).unref();
  }

  /** Each client in its turn, as long as there are places. */
  function beginNext(): void {
    let passed = 0;
    while (underWay < atOnce && passed < queues.size) {
      const [turn] = queues;
      if (turn === undefined) return;
      const [client, queue] = turn;
      // Behind all others, until its next turn.
      queues.delete(client);
      const next = hasShare(client) ? queue.shift() : undefined;
      if (queue.length > 0) queues.set(client, queue);
      if (next === undefined) {
        passed += 1;
        continue;
      }
      passed = 0;
      waiting -= 1;
      begin(next.request);
    }
  }

  /** As if all clients that wait took turns from now on, and this one got no more places than its share. */
  function expectedWaitMs(ofClient: number): number {
    const ahead = Math.min(waiting, (ofClient + 1) * (queues.size + 1));
    const share = present.size === 1 ? atOnce : Math.min(atOnce, perClient);
    return Math.max(ahead / atOnce, ofClient / share) * meanMs;
  }

  /** Of all who wait, or of the only one. */
  function whose(): 'client-busy' | 'overloaded' {
    return queues.size > 1 ? 'overloaded' : 'client-busy';
  }

  function giveUpLate(): void {
    const late = monotonic() - maxWaitMs;
    const reason = whose();
    for (const [client, queue] of queues) {
      const kept = queue.filter(({ since }) => since > late);
      if (kept.length === queue.length) continue;
      if (kept.length === 0) queues.delete(client);
      else queues.set(client, kept);
      waiting -= queue.length - kept.length;
      for (const { request, since } of queue) if (since <= late) request.giveUp(reason);
    }
    if (waiting > 0 || sweep === undefined) return;
    clearInterval(sweep);
    sweep = undefined;
  }

  return {
    ask(request) {
      const { client } = request;
      greet(client);
      const queue = queues.get(client);
      if (queue === undefined && underWay < atOnce && hasShare(client)) {
        begin(request);
        return 'begun';
      }
      const ofClient = queue?.length ?? 0;
      if (ofClient >= maxWaitingOfClient) return 'client-busy';
      if (waiting >= maxWaiting) return 'overloaded';
      if (expectedWaitMs(ofClient) > maxExpectedWaitMs) return whose();
      const one = { request, since: monotonic() };
      if (queue === undefined) queues.set(client, [one]);
      else queue.push(one);
      waiting += 1;
      sweep ??= setInterval(giveUpLate, SWEEP_EVERY_MS).unref();
      return 'waiting';
    },
    withdraw(request) {
      const queue = queues.get(request.client);
      const index = queue?.findIndex((one) => one.request === request) ?? -1;
      if (queue === undefined || index === -1) return;
      queue.splice(index, 1);
      waiting -= 1;
      if (queue.length === 0) queues.delete(request.client);
    },
    get underWay() {
      return underWay;
    },
    get waiting() {
      return waiting;
    },
  };
}
