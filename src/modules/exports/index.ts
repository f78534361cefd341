export type { Manifest } from './export.ts';
export type { CheckedLine, CheckedUpTo, ExportCheck } from './export-check.ts';
export { createExportCheck } from './export-check.ts';
export { exportLines } from './export-lines.ts';
export { createExportService } from './export.service.ts';
export type { ExportService } from './export.service.ts';
