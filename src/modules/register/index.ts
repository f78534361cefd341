export { createItem, itemIdOf } from './item.ts';
export type { Item, ItemIdentity } from './item.ts';
export { countryOf, EVENT_TYPES, isIntact } from './item-event.ts';
export type { EventActor, EventDetail, EventDraft, EventType, ItemEvent } from './item-event.ts';
export { headOf, isIncident, ITEM_STATUSES, standing } from './item-head.ts';
export type { ItemHead, ItemStatus } from './item-head.ts';
export type {
  AppendOutcome,
  Entry,
  HistoryQuery,
  ItemRecord,
  ItemWithHead,
  RegisterStore,
  ScannedItems,
} from './register.ports.ts';
export { createRegisterService } from './register.service.ts';
export type { RegisterService } from './register.service.ts';
export { createItemAccess } from './item-access.service.ts';
export type { ItemAccess } from './item-access.service.ts';
export { eventView, itemView } from './item-view.ts';
export { ownPart } from './own-part.ts';
