export { endsClaim } from './checks/check.ts';
export { comesToExporter } from './checks/coming-to-exporter.ts';
export { partyHits } from './party-hits.ts';
export { missingFields } from './regime-fields.ts';
export type { MissingField } from './regime-fields.ts';
export type { Facts, LineFacts, PartyHit } from './facts.ts';
export { createVerificationService } from './verification.service.ts';
export type { CheckOutcome, VerificationService } from './verification.service.ts';
