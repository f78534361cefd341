import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '../../kernel/failure.ts';
import type { Places } from './places.ts';
import type { RefusalReason } from './refusals.ts';
import { refusalFailure } from './refusals.ts';

/** What a request takes up of the process, from when it came until its work has ended. */
export interface Visit {
  /** When it came, on the clock of `performance.now()`; moved on by the time its body took to arrive. */
  readonly since: number;
  /** The place is kept until what this returns is called, even when the client leaves before. */
  hold(): () => void;
  /**
   * Leaves the place to others while `read` waits for the body, and takes one again.
   * @throws what `read` throws; Failure `client-busy`, `overloaded`, `client-gone`
   */
  receive<T>(read: () => Promise<T>): Promise<T>;
  /**
   * A piece of a long stream's work, in its turn among all requests, however long that takes.
   * @throws what `work` throws; Failure `client-gone`
   */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
}

export interface VisitParts {
  readonly client: string;
  readonly response: ServerResponse;
  readonly requests: Places;
  /** For bodies, which are held in memory from when they begin to arrive until there is a place for the request. */
  readonly bodies: Places;
  /** Told of each refusal. */
  readonly refused: (reason: RefusalReason) => void;
}

type Leave = () => void;

const ASK_AGAIN_MS = 100;
const visits = new WeakMap<IncomingMessage, Visit>();

/** The visit of a request; of one that came through no gate, a visit without limits. */
export function visitOf(request: IncomingMessage): Visit {
  return visits.get(request) ?? unlimitedVisit();
}

function unlimitedVisit(): Visit {
  return {
    since: performance.now(),
    hold: () => () => undefined,
    receive: (read) => read(),
    inTurn: (work) => work(),
  };
}

/**
 * Opens the visit of `request`. What is returned begins it once there is a place, and gives the place back when
 * nobody holds the visit any more; at the latest, unless somebody still does, when the response is closed.
 */
export function openVisit(request: IncomingMessage, parts: VisitParts): (leave: Leave) => void {
  const { response, requests, bodies } = parts;
  let since = performance.now();
  let place: Leave | null = null;
  let holders = 0;
  const leave = (): void => {
    place?.();
    place = null;
  };
  const enter = async (places: Places): Promise<Leave> => {
    const outcome = await askFor(places, parts);
    if (typeof outcome === 'function') return outcome;
    if (outcome === 'gone') throw clientGone();
    parts.refused(outcome);
    throw refusalFailure(outcome);
  };
  visits.set(request, {
    get since() {
      return since;
    },
    hold() {
      let isHeld = true;
      holders += 1;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        holders -= 1;
        if (holders === 0) leave();
      };
    },
    async receive(read) {
      leave();
      const received = await enter(bodies);
      const began = performance.now();
      try {
        const body = await read();
        since += performance.now() - began;
        place = await enter(requests);
        return body;
      } finally {
        received();
      }
    },
    async inTurn(work) {
      const done = await turn(requests, parts);
      try {
        return await work();
      } finally {
        done();
      }
    },
  });
  return (given) => {
    place = given;
    response.once('close', () => {
      if (holders === 0) leave();
    });
  };
}

async function turn(places: Places, parts: VisitParts): Promise<Leave> {
  for (;;) {
    const outcome = await askFor(places, parts);
    if (typeof outcome === 'function') return outcome;
    if (outcome === 'gone') throw clientGone();
    await delay(ASK_AGAIN_MS);
  }
}

/** Waits for one of `places`, as long as the client does. */
function askFor(places: Places, { client, response }: VisitParts): Promise<Leave | RefusalReason | 'gone'> {
  return new Promise((resolve) => {
    if (response.destroyed) {
      resolve('gone');
      return;
    }
    const withdraw = (): void => {
      places.withdraw(asked);
      resolve('gone');
    };
    const asked = {
      client,
      begin(leave: Leave) {
        response.off('close', withdraw);
        resolve(leave);
      },
      giveUp(reason: RefusalReason) {
        response.off('close', withdraw);
        resolve(reason);
      },
    };
    const admittance = places.ask(asked);
    if (admittance === 'waiting') response.once('close', withdraw);
    else if (admittance !== 'begun') resolve(admittance);
  });
}

function clientGone(): Failure {
  return new Failure('unavailable', 'client-gone', 'The client left.');
}
