export type {
  Declaration,
  DeclarationInput,
  DeclarationState,
  Licence,
  Line,
  Move,
  Party,
} from './declaration.ts';
export { countByKind, MAX_ITEMS } from './declaration.ts';
export type {
  DayVolume,
  DeclarationStore,
  RefusedFilingStore,
  VerificationRequests,
} from './declaration.ports.ts';
export type { DeclarationService } from './declaration.service.ts';
export { createDeclarationService } from './declaration.service.ts';
export type { Finding, FindingLevel } from './finding.ts';
export { outcomeOf } from './finding.ts';
export { declarationNumber } from './registry-numbers.ts';
export { createRelay } from './relay.service.ts';
export { filingFaults } from './declaration.schema.ts';
export type { RequestIdentity, Step } from './step.service.ts';
export { requestHash } from './step.service.ts';
export type { DeclarationQuery, DeclarationSummary, RefusedFiling } from './declaration.ports.ts';
export { refusedFiling } from './refused-filing.ts';
export { declarationView } from './declaration-view.ts';
