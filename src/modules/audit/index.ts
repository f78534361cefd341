export { createAuditService } from './audit.service.ts';
export type { AuditParts, AuditService } from './audit.service.ts';
export { REPORTS } from './reports.ts';
