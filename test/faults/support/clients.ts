import { setTimeout as delay } from 'node:timers/promises';
import type { Prng } from '../../../scripts/generator/prng.ts';
import type { Actor } from '../../../src/kernel/actor.ts';
import type { DeclarationView, EventView, FiledView, LookupView, ProblemView } from '../../support/app.ts';
import { OFFICER } from '../../support/declarations.ts';
import type { Acknowledgements } from './acknowledgements.ts';
import type { Call, Reply } from './caller.ts';
import { exporter, seededFiling } from './filings.ts';

/** What the clients of one load share. */
export interface Stage {
  readonly prefix: string;
  readonly acknowledgements: Acknowledgements;
  /** Sends it, the same key each time, until there is an answer that is no refusal. */
  readonly insist: (as: Actor, call: Omit<Call, 'token'>, prng: Prng) => Promise<Reply>;
  /** Told of an answer that nobody should get. */
  readonly surprised: (call: Omit<Call, 'token'>, reply: Reply) => void;
  readonly filed: Filed[];
  /** Filings that customs have not dealt with. */
  readonly atBorder: Filed[];
}

/** A filing that was acknowledged. */
export interface Filed {
  readonly id: string;
  readonly by: Actor;
  readonly items: FiledView['items'];
}

/** One thing that a client does; called over and over. */
export type Client = (prng: Prng, no: number) => Promise<void>;

interface StepView {
  readonly id: string;
  readonly move: { readonly no: number; readonly type: string; readonly recordedAt: string };
}

const AMENDS = 0.1;
const WITHDRAWS = 0.04;
const REPEATS = 0.05;
/** Two officers record the same exit at once. */
const RIVAL_EXIT = 0.15;
const ARRIVES = 0.5;
/** Why a step may be refused: somebody else was first, or what was declared has changed. */
const LOST_RACES = ['illegal-transition', 'items-held', 'number-mismatch'];

export function exporterClient(stage: Stage, who: number): Client {
  const by = exporter(who);
  let latest: Filed | undefined;
  return async (prng, no) => {
    const reference = `${stage.prefix}-${who}-${no}`;
    const call = post('/v1/declarations', seededFiling(prng, reference), `f-${reference}`);
    const filed = await file(stage, by, call, prng);
    if (filed === null) return;
    if (prng.chance(REPEATS)) await file(stage, by, call, prng);
    if (latest !== undefined && prng.chance(AMENDS)) {
      const amended = { reason: 'Another use.', endUse: `Use ${no}` };
      await step(
        stage,
        by,
        post(`/v1/declarations/${latest.id}/amendments`, amended, `a-${reference}`),
        prng,
      );
    }
    if (latest !== undefined && prng.chance(WITHDRAWS)) {
      const withdrawn = { reason: 'Not sold.' };
      await step(
        stage,
        by,
        post(`/v1/declarations/${latest.id}/withdrawal`, withdrawn, `w-${reference}`),
        prng,
      );
    }
    latest = filed;
    stage.filed.push(filed);
    stage.atBorder.push(filed);
  };
}

export function customsClient(stage: Stage): Client {
  return async (prng) => {
    const filed = stage.atBorder.shift();
    if (filed === undefined) return;
    const { body } = await stage.insist(OFFICER, get(`/v1/declarations/${filed.id}`), prng);
    const { status, number } = body as DeclarationView;
    if (status === 'filed') {
      stage.atBorder.push(filed);
      await delay(20);
    }
    if (status !== 'verified') return;
    const path = `/v1/declarations/${filed.id}`;
    const rivals = prng.chance(RIVAL_EXIT) ? ['x1', 'x2'] : ['x'];
    await Promise.all(
      rivals.map((name) =>
        step(stage, OFFICER, post(`${path}/exit`, { number }, `${name}-${filed.id}-${number}`), prng),
      ),
    );
    if (prng.chance(ARRIVES)) await step(stage, OFFICER, post(`${path}/arrival`, {}, `y-${filed.id}`), prng);
  };
}

export function inspectorClient(stage: Stage): Client {
  return async (prng, no) => {
    const item = someItem(stage, prng);
    if (item === null) return;
    const seen = { type: 'inspected', place: 'TWKEL', note: `Inspection ${no}` };
    const call = post(`/v1/items/${item.itemId}/events`, seen, `i-${stage.prefix}-${no}`);
    const reply = await stage.insist(OFFICER, call, prng);
    if (reply.status === 404) return; // its filing stands, its items follow
    if (reply.status !== 201) return stage.surprised(call, reply);
    const { eventId, type } = reply.body as EventView;
    await stage.acknowledgements.note({ what: 'event', itemId: item.itemId, eventId, type });
  };
}

export function lookupClient(stage: Stage): Client {
  return async (prng, no) => {
    const serial = someItem(stage, prng)?.serial ?? `UNKNOWN-${no}`;
    const call = get(`/v1/lookup?serial=${encodeURIComponent(serial)}`);
    const reply = await stage.insist(OFFICER, call, prng);
    if (reply.status !== 200) return stage.surprised(call, reply);
    const { lookupId } = reply.body as LookupView;
    await stage.acknowledgements.note({ what: 'lookup', lookupId });
  };
}

async function file(stage: Stage, by: Actor, call: Omit<Call, 'token'>, prng: Prng): Promise<Filed | null> {
  const reply = await stage.insist(by, call, prng);
  if (reply.status !== 201) {
    stage.surprised(call, reply);
    return null;
  }
  const { id, reference, items } = reply.body as FiledView;
  const named = items.map(({ itemId, line }) => ({ itemId, line }));
  const acknowledged = {
    what: 'filing',
    org: by.org,
    key: call.key ?? '',
    reference,
    id,
    items: named,
  } as const;
  await stage.acknowledgements.note(acknowledged);
  return { id, by, items };
}

async function step(stage: Stage, as: Actor, call: Omit<Call, 'token'>, prng: Prng): Promise<void> {
  const reply = await stage.insist(as, call, prng);
  if (reply.status === 200) {
    const { id: declarationId, move } = reply.body as StepView;
    const { no, type, recordedAt } = move;
    await stage.acknowledgements.note({
      what: 'step',
      key: call.key ?? '',
      declarationId,
      type,
      no,
      recordedAt,
    });
  } else if (!LOST_RACES.includes((reply.body as ProblemView).code)) {
    stage.surprised(call, reply);
  }
}

function someItem({ filed }: Stage, prng: Prng): FiledView['items'][number] | null {
  const some = filed[prng.integer(0, Math.max(0, filed.length - 1))];
  return some?.items[prng.integer(0, some.items.length - 1)] ?? null;
}

function get(path: string): Omit<Call, 'token'> {
  return { method: 'GET', path };
}

function post(path: string, json: unknown, key: string): Omit<Call, 'token'> {
  return { method: 'POST', path, json, key };
}
