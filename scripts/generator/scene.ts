import type { Actor } from '../../src/kernel/actor.ts';
import type { Instant } from '../../src/kernel/clock.ts';
import { DAY_MS, shifted } from '../../src/kernel/clock.ts';
import type { DeclarationInput } from '../../src/modules/declarations/index.ts';
import type { LineInput, MachineModel } from './machines.ts';
import type { Prng } from './prng.ts';
import type { Act, Filed, NamedItem } from './situation.ts';
import type { Exporter, Route } from './trade.ts';
import { clerkOf, customsOf, pickRoute, regulatorOf } from './trade.ts';

/** Where a story takes place: its days, its exporters and what makes its serials its own. */
export interface Scene {
  readonly prng: Prng;
  /** 0 for the one of this name that every register holds. */
  readonly no: number;
  /** Distinct to the story: prefix of its references. */
  readonly prefix: string;
  /** The hour of its first filing. */
  readonly start: Instant;
  /** A serial that nothing else carries, of a year before the story or of the one given. */
  freshSerial(model: MachineModel, year?: number): { serial: string; year: number };
}

export function dayOf(scene: Scene, day: number): Instant {
  return shifted(scene.start, Math.round(day * DAY_MS));
}

/** An exporter of this story alone, so that one story doesn't make another look odd. */
export function exporterIn(scene: Scene, name: string, country = 'TW'): Exporter {
  return { org: `${name}-${scene.no === 0 ? '' : `${scene.no}-`}${country.toLowerCase()}`, country };
}

export interface Shipment {
  readonly exporter: Exporter;
  /** Tells the story's declarations apart; part of the reference. */
  readonly part: number;
  /** Days after the start. */
  readonly day: number;
  readonly items: readonly LineInput[];
  readonly route?: Partial<Route> & Pick<Partial<DeclarationInput>, 'regime' | 'licence'>;
  /** How far it gets. */
  readonly goes: 'filed' | 'checked' | 'out' | 'there';
  /** What a regulator says when the checks ask for a decision. */
  readonly decision?: { readonly decision: 'verified' | 'refused'; readonly reason: string };
}

const MINUTE = 1 / 1_440;
export const OUT_AFTER_DAYS = 6;
export const THERE_AFTER_DAYS = 36;

/** The acts of one shipment: filed, checked within a minute, decided the next day, out after 6 days, there after 36. */
export function shipment(scene: Scene, plan: Shipment): Act[] {
  const { exporter, day, items, goes, decision } = plan;
  const route = { ...pickRoute(scene.prng, exporter), ...plan.route };
  const what = filedAs(scene, plan);
  const plannedExit = dayOf(scene, day + OUT_AFTER_DAYS).slice(0, 10);
  const at = (after: number) => dayOf(scene, day + after);
  const acts: Act[] = [
    {
      does: 'file',
      at: at(0),
      by: clerkOf(exporter),
      input: { reference: what.reference, ...route, ...licenceIn(exporter, what), plannedExit, items },
    },
  ];
  if (goes === 'filed') return acts;
  acts.push({ does: 'check', at: at(MINUTE), what });
  if (decision !== undefined)
    acts.push({ does: 'decide', at: at(1), by: regulatorOf(exporter.country), what, ...decision });
  if (goes === 'checked') return acts;
  acts.push({
    does: 'exit',
    at: at(OUT_AFTER_DAYS),
    by: customsOf(exporter.country),
    what,
    port: route.portOfExit,
  });
  if (goes === 'out') return acts;
  const by = customsOf(route.destination);
  const port = route.portOfEntry;
  return [...acts, { does: 'arrive', at: at(THERE_AFTER_DAYS), by, what, outcome: 'arrived', port }];
}

export function filedAs(scene: Scene, { exporter, part }: Pick<Shipment, 'exporter' | 'part'>): Filed {
  return { org: exporter.org, reference: `${scene.prefix}-${part}` };
}

/** The regimes of these countries ask for a licence; its number is invented. */
function licenceIn({ country }: Exporter, { reference }: Filed): { licence?: string } {
  return country === 'US' || country === 'CA' ? { licence: `${country}-SYN-${reference}` } : {};
}

function named({ kind, maker, serial }: LineInput): NamedItem {
  return { kind, maker, serial: serial ?? '' };
}

/** What an authority saw or was told, on a day of the story. */
export function observed(
  scene: Scene,
  by: Actor,
  item: LineInput,
  seen: {
    readonly type: Extract<Act, { does: 'observe' }>['type'];
    readonly day: number;
    /** When it happened, where that was earlier than the day it was told. */
    readonly happened?: number;
    readonly place: string;
    readonly detail?: Extract<Act, { does: 'observe' }>['detail'];
    readonly corrects?: string;
  },
): Act {
  const { type, day, happened = day, place, detail = {}, corrects } = seen;
  return {
    does: 'observe',
    at: dayOf(scene, day),
    by,
    item: named(item),
    type,
    occurredAt: dayOf(scene, happened),
    place,
    detail,
    key: `${scene.prefix}-${type}`,
    ...(corrects === undefined ? {} : { corrects: `${scene.prefix}-${corrects}` }),
  };
}
