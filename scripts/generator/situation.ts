import type { Actor } from '../../src/kernel/actor.ts';
import type { Instant } from '../../src/kernel/clock.ts';
import type { DeclarationInput } from '../../src/modules/declarations/index.ts';
import type { EventDetail, EventType } from '../../src/modules/register/index.ts';

/** An item as the papers name it. */
export interface NamedItem {
  readonly kind: string;
  readonly maker: string;
  readonly serial: string;
}

/** Names a declaration: an exporter's reference. */
export interface Filed {
  readonly org: string;
  readonly reference: string;
}

/** One thing that somebody does at an instant. */
export type Act = { readonly at: Instant } & (
  | { readonly does: 'file'; readonly by: Actor; readonly input: DeclarationInput }
  /** The registry checks it. */
  | { readonly does: 'check'; readonly what: Filed }
  /** A regulator's word, given only when the checks ask for one. */
  | {
      readonly does: 'decide';
      readonly by: Actor;
      readonly what: Filed;
      readonly decision: 'verified' | 'refused';
      readonly reason: string;
    }
  | {
      readonly does: 'amend';
      readonly by: Actor;
      readonly what: Filed;
      readonly reason: string;
      readonly items: DeclarationInput['items'];
    }
  | { readonly does: 'withdraw'; readonly by: Actor; readonly what: Filed; readonly reason: string }
  | { readonly does: 'exit'; readonly by: Actor; readonly what: Filed; readonly port: string }
  | {
      readonly does: 'arrive';
      readonly by: Actor;
      readonly what: Filed;
      readonly outcome: 'arrived' | 'not-shipped';
      readonly port: string;
    }
  /** The number lapses unused. */
  | { readonly does: 'expire'; readonly what: Filed }
  | {
      readonly does: 'observe';
      readonly by: Actor;
      readonly item: NamedItem;
      readonly type: EventType;
      readonly occurredAt: Instant;
      readonly place: string;
      readonly detail: EventDetail;
      /** Tells this observation from the item's others, also for one that `corrects` it. */
      readonly key: string;
      /** The key of the observation, by the same organisation, that this one takes back. */
      readonly corrects?: string;
    }
);

/** One story that ends up in the register: who filed what, and what became of it. */
export interface Situation {
  /** Of `SITUATIONS`, or `ordinary`. */
  readonly name: string;
  /**
   * True when nothing in it gives any check a reason to warn and no other situation names its items, so that checking
   * it would find nothing.
   */
  readonly clean: boolean;
  /** In order of time, each done by a request of its own. */
  readonly acts: readonly Act[];
}

/** How many items a situation declares, counting one that is declared twice twice. */
export function itemsIn(situation: Situation): number {
  return situation.acts.reduce((sum, act) => sum + (act.does === 'file' ? act.input.items.length : 0), 0);
}
