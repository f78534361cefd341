import type { Scene } from './scene.ts';
import type { Act } from './situation.ts';
import * as conflict from './stories-of-conflict.ts';
import * as trade from './stories-of-trade.ts';

/** A kind of story that every register holds at least once. */
export interface NamedSituation {
  readonly name: string;
  /** Of the references of its declarations: `KIT-0-1` is the first declaration of the one that is always there. */
  readonly prefix: string;
  /** How many days it takes, at most. */
  readonly days: number;
  readonly tell: (scene: Scene) => Act[];
}

/** In the order in which a register tells them. */
export const SITUATIONS: readonly [NamedSituation, ...NamedSituation[]] = [
  { name: 'full kit in one declaration', prefix: 'KIT', days: 20, tell: trade.fullKit },
  { name: 'same serial under three makers', prefix: 'SAME', days: 20, tell: conflict.sameSerialThreeMakers },
  { name: 'folded twins', prefix: 'TWIN', days: 20, tell: conflict.foldedTwins },
  { name: 'near-duplicate run', prefix: 'RUN', days: 40, tell: trade.nearDuplicateRun },
  { name: 'exported twice without return', prefix: 'TWICE', days: 70, tell: conflict.exportedTwice },
  { name: 'export after destroyed', prefix: 'DESTROYED', days: 75, tell: conflict.exportAfterDestroyed },
  { name: 'part fitted to two presses', prefix: 'FITTED', days: 10, tell: conflict.partOnTwoPresses },
  { name: 'kit incomplete', prefix: 'SHORT', days: 5, tell: conflict.kitIncomplete },
  { name: 'kit split over shipments', prefix: 'SPLIT', days: 100, tell: conflict.kitSplit },
  { name: 'junk serials', prefix: 'JUNK', days: 5, tell: trade.junkSerials },
  { name: 'amended declaration', prefix: 'AMENDED', days: 10, tell: trade.amended },
  { name: 'withdrawn declaration', prefix: 'WITHDRAWN', days: 5, tell: trade.withdrawn },
  { name: 'lost items', prefix: 'LOST', days: 25, tell: trade.lost },
  { name: 'stolen item', prefix: 'STOLEN', days: 70, tell: conflict.stolen },
  { name: 'second-hand resale', prefix: 'RESALE', days: 170, tell: trade.secondHandResale },
  { name: 'seized at exit', prefix: 'SEIZED', days: 10, tell: conflict.seized },
  { name: 'not shipped after all', prefix: 'NOTSHIPPED', days: 30, tell: trade.notShipped },
  { name: 'without serials', prefix: 'MARK', days: 10, tell: trade.withoutSerial },
  { name: 'doubtful parties', prefix: 'PARTY', days: 10, tell: trade.doubtfulParties },
];
