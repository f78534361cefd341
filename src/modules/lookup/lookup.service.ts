import type { Actor } from '../../kernel/actor.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Random } from '../../kernel/random.ts';
import { serialFold, serialKey } from '../../kernel/serial.ts';
import type { Catalogue } from '../catalogue/index.ts';
import type { ItemWithHead, RegisterStore } from '../register/index.ts';
import type { LookupLog } from './lookup.ports.ts';
import type { Answer, LookupQuery, Match } from './lookup.ts';
import type { RankedItem } from './ranking.ts';
import { ranked } from './ranking.ts';
import { verdictOf } from './verdict.ts';

/** So many items are ranked, so many shown, each with so many events. */
const MAX_CANDIDATES = 100;
const MAX_MATCHES = 20;
const MAX_EVENTS = 100;

export type LookupService = ReturnType<typeof createLookupService>;

export interface LookupParts {
  readonly register: RegisterStore;
  readonly log: LookupLog;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly random: Random;
}

/** Answers what is known about a serial as somebody reads it. */
export function createLookupService({ register, log, catalogue, clock, random }: LookupParts) {
  /** The answer, once it is logged durably. Costs two indexed reads, one more for each match, and a shared sync. */
  async function lookUp(actor: Actor, query: LookupQuery): Promise<Answer> {
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
    await log.add({ lookupId, at, sub, org, role, country, ...query, verdict, itemIds });
    return {
      lookupId,
      at,
      query,
      serialKey: asked.serialKey,
      serialFold: fold,
      verdict,
      reasons,
      matches,
      truncated,
    };
  }

  /** All of one fold; when these are too many to rank, at least those that carry the very serial are among them. */
  async function candidatesFor(key: string, fold: string): Promise<ItemWithHead[]> {
    const found = await register.bySerialFold(fold, MAX_CANDIDATES);
    if (found.length < MAX_CANDIDATES) return found;
    const sure = await register.bySerialKey(key, MAX_CANDIDATES);
    return [...sure, ...found.filter(({ item }) => item.serialKey !== key)];
  }

  async function withHistory(found: RankedItem): Promise<Match> {
    const events = await register.history(found.item.itemId, { limit: MAX_EVENTS + 1 });
    return { ...found, history: events.slice(0, MAX_EVENTS), historyTruncated: events.length > MAX_EVENTS };
  }

  return { lookUp, log };
}
