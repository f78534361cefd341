export type { Facts, LineFacts, PartyHit } from './facts.ts';
export { createVerificationService } from './verification.service.ts';
export type { CheckOutcome, VerificationService } from './verification.service.ts';
