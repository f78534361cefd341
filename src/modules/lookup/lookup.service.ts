import type { Actor } from '../../kernel/actor.ts';
import type { Clock } from '../../kernel/clock.ts';
import { Failure, isFailure } from '../../kernel/failure.ts';
import type { Random } from '../../kernel/random.ts';
import { serialFold, serialKey } from '../../kernel/serial.ts';
import type { Catalogue } from '../catalogue/index.ts';
import type { ItemWithHead, RegisterStore } from '../register/index.ts';
import type { LookupLog, LookupLogEntry } from './lookup.ports.ts';
import type { Answer, LookupQuery, Match } from './lookup.ts';
import type { RankedItem } from './ranking.ts';
import { ranked } from './ranking.ts';
import { verdictOf } from './verdict.ts';

/** So many items are ranked, so many shown, each with so many events. */
const MAX_CANDIDATES = 100;
const MAX_MATCHES = 20;
const MAX_EVENTS = 100;
/** Of many look-ups, so many are begun before others get to run. */
const AT_A_STRETCH = 8;

export type LookupService = ReturnType<typeof createLookupService>;

export interface LookupParts {
  readonly register: RegisterStore;
  readonly log: LookupLog;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly random: Random;
}

interface LookedUp {
  readonly answer: Answer;
  readonly entry: LookupLogEntry;
}

/** Answers what is known about a serial as somebody reads it. */
export function createLookupService({ register, log, catalogue, clock, random }: LookupParts) {
  /**
   * The answer, once it is logged durably. Costs two indexed reads, one more for each match, and a shared sync.
   * @throws Failure `unknown-kind`
   */
  async function lookUp(actor: Actor, query: LookupQuery): Promise<Answer> {
    return loggedAnswer(await lookedUp(actor, query));
  }

  /**
   * To each query what `lookUp` answers, or the failure that it throws. All of them are logged at the same moment, and
   * so share a sync; none is answered before its own entry is durable.
   * @param queries where one could not be read, the failure that says so
   * @param othersRan resolves once others had their turn
   */
  async function lookUpAll(
    actor: Actor,
    queries: readonly (LookupQuery | Failure)[],
    othersRan: () => Promise<void>,
  ): Promise<(Answer | Failure)[]> {
    const begun: Promise<LookedUp | Failure>[] = [];
    for (const query of queries) {
      if (begun.length > 0 && begun.length % AT_A_STRETCH === 0) await othersRan();
      const one = query instanceof Failure ? Promise.resolve(query) : orFailure(lookedUp(actor, query));
      // It may fail while others run; it is thrown below.
      one.catch(() => undefined);
      begun.push(one);
    }
    const found = await Promise.all(begun);
    return Promise.all(
      found.map(async (one) => (one instanceof Failure ? one : orFailure(loggedAnswer(one)))),
    );
  }

  async function loggedAnswer({ answer, entry }: LookedUp): Promise<Answer> {
    await log.add(entry);
    return answer;
  }

  /** The answer, which nobody may see before the entry is logged. */
  async function lookedUp(actor: Actor, query: LookupQuery): Promise<LookedUp> {
    if (query.kind !== undefined && catalogue.findKind(query.kind) === null) throw unknownKind(catalogue);
    const at = clock.now();
    const asked = {
      serial: query.serial,
      serialKey: serialKey(query.serial),
      ...(query.maker === undefined ? {} : { maker: catalogue.makerKey(query.maker) }),
      ...(query.kind === undefined ? {} : { kind: query.kind }),
    };
    const fold = serialFold(query.serial);
    const candidates = fold === '' ? [] : await candidatesFor(asked.serialKey, fold);
    const best = ranked(asked, candidates);
    const matches = await Promise.all(best.slice(0, MAX_MATCHES).map(withHistory));
    const truncated = best.length > MAX_MATCHES || candidates.length >= MAX_CANDIDATES;
    const { verdict, reasons } = verdictOf(asked, matches, truncated);
    const lookupId = `lkp_${random.nonce()}`;
    const { sub, org, role, country } = actor;
    const itemIds = matches.map((match) => match.item.itemId);
    const { serialKey: key } = asked;
    return {
      answer: { lookupId, at, query, serialKey: key, serialFold: fold, verdict, reasons, matches, truncated },
      entry: { lookupId, at, sub, org, role, country, ...query, verdict, itemIds },
    };
  }

  /** All of one fold; when these are too many to rank, at least those that carry the very serial are among them. */
  async function candidatesFor(key: string, fold: string): Promise<ItemWithHead[]> {
    const found = await register.bySerialFold(fold, MAX_CANDIDATES);
    if (found.length < MAX_CANDIDATES) return found;
    const sure = await register.bySerialKey(key, MAX_CANDIDATES);
    return [...sure, ...found.filter(({ item }) => item.serialKey !== key)];
  }

  /** With the latest of its events. */
  async function withHistory(found: RankedItem): Promise<Match> {
    const { itemId } = found.item;
    const afterSeq = Math.max(0, found.head.seq - MAX_EVENTS);
    const history = await register.history(itemId, { afterSeq, limit: MAX_EVENTS });
    return { ...found, history, historyTruncated: afterSeq > 0 };
  }

  return { lookUp, lookUpAll, log };
}

function unknownKind(catalogue: Catalogue): Failure {
  const known = catalogue.kinds.map(({ code }) => code).join(', ');
  const faults = [{ field: 'kind', code: 'unknown-kind', message: `kind must be one of ${known}.` }];
  return new Failure('invalid', 'unknown-kind', 'The catalogue knows no such kind.', { faults });
}

async function orFailure<T>(work: Promise<T>): Promise<T | Failure> {
  return work.catch((error: unknown) => {
    if (isFailure(error)) return error;
    throw error;
  });
}
