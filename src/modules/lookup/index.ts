export type { LookupLog, LookupLogEntry, LookupLogQuery } from './lookup.ports.ts';
export { lookupPages } from './lookup-pages.ts';
export type { LookupService } from './lookup.service.ts';
export { createLookupService } from './lookup.service.ts';
export type { Answer, LookupQuery, Match, Verdict } from './lookup.ts';
