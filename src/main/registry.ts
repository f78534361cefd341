import type { Clock } from '../kernel/clock.ts';
import type { Random } from '../kernel/random.ts';
import type {
  AuditParts,
  AuditRunRelayParts,
  AuditRunWorkParts,
  AuditService,
} from '../modules/audit/index.ts';
import {
  createAuditRunRelay,
  createAuditRunService,
  createAuditRunWork,
  createAuditService,
} from '../modules/audit/index.ts';
import type { Catalogue } from '../modules/catalogue/index.ts';
import { createScreening } from '../modules/catalogue/index.ts';
import type { VerificationRequests } from '../modules/declarations/index.ts';
import { createDeclarationService, createRelay } from '../modules/declarations/index.ts';
import { createExportService } from '../modules/exports/index.ts';
import type { ImportRunParts } from '../modules/imports/index.ts';
import { createImportRun, createImportService } from '../modules/imports/index.ts';
import type { LookupLog } from '../modules/lookup/index.ts';
import { createLookupService } from '../modules/lookup/index.ts';
import { createItemAccess, createRegisterService } from '../modules/register/index.ts';
import { createVerificationService } from '../modules/verification/index.ts';
import type { Stores } from './stores.ts';

export interface RegistryParts {
  readonly stores: Stores;
  readonly catalogue: Catalogue;
  readonly requests: VerificationRequests;
  readonly clock: Clock;
  readonly random: Random;
  readonly expiryDays: number;
  /** Told what follows from a decision but couldn't be done at once. */
  readonly deferred: (error: unknown) => void;
  /** Waits, as long as a caller should, for what follows from a decision; without it, to the end. */
  readonly attend?: (work: Promise<void>) => Promise<void>;
  /** The look-up log, where it is to be more than the store's own. */
  readonly lookupLog?: LookupLog;
}

/** The modules' services, wired to each other over one set of stores. Opens nothing, so nothing has to be closed. */
export function createRegistry(parts: RegistryParts) {
  const { stores, catalogue, requests, clock, random, expiryDays, deferred } = parts;
  const register = createRegisterService({ store: stores.register, random });
  const items = createItemAccess({ register, clock, random });
  const declarationParts = {
    store: stores.declarations,
    register,
    catalogue,
    verification: requests,
    clock,
    deferred,
  };
  const declarations = createDeclarationService({
    ...declarationParts,
    ...(parts.attend === undefined ? {} : { attend: parts.attend }),
  });
  // Nobody waits for an import: each of its declarations is followed to its end before the next ones.
  const unattended = createDeclarationService(declarationParts);
  const imports = createImportService({ store: stores.imports, parts: stores.importParts, clock, random });
  const importRun = (reading: Pick<ImportRunParts, 'readers' | 'openStaging'>) =>
    createImportRun({
      ...reading,
      store: stores.imports,
      parts: stores.importParts,
      declarations: unattended,
      discard: imports.discard,
      clock,
    });
  const relay = createRelay({ store: stores.declarations, declarations, verification: requests, clock });
  const screening = createScreening(catalogue.watchedParties);
  const sources = {
    register: stores.register,
    declarations: stores.declarations,
    catalogue,
    screening,
    clock,
  };
  const verification = createVerificationService({ sources, declarations, clock, expiryDays });
  const log = parts.lookupLog ?? stores.lookupLog;
  const lookup = createLookupService({ register: stores.register, log, catalogue, clock, random });
  const audits = (aside: Pick<AuditParts, 'openSorting'>) =>
    createAuditService({
      ...aside,
      register: stores.register,
      declarations: stores.declarations,
      lookupLog: stores.lookupLog,
      catalogue,
      screening,
      clock,
    });
  const runs = { store: stores.auditRuns, parts: stores.auditRunParts, clock };
  const auditRuns = (audit: AuditService, request: AuditRunRelayParts['request']) =>
    createAuditRunService({ ...runs, audit, request });
  const auditRunWork = (
    audit: AuditService,
    given: Pick<AuditRunRelayParts, 'request' | 'lastInstant' | 'keptRuns'> &
      Pick<AuditRunWorkParts, 'inTurn'>,
  ) => {
    const runRelay = createAuditRunRelay({ ...runs, ...given, audit });
    return { ...runRelay, ...createAuditRunWork({ ...runs, ...given, audit, tidy: runRelay.tidy }) };
  };
  const { registerId } = stores;
  const exports = createExportService({
    declarations: stores.declarations,
    register: stores.register,
    registerId,
    clock,
  });
  return {
    register,
    items,
    declarations,
    imports,
    exports,
    importRun,
    relay,
    verification,
    lookup,
    audits,
    auditRuns,
    auditRunWork,
  };
}

export type Registry = ReturnType<typeof createRegistry>;
