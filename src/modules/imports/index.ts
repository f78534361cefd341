export type { Import } from './import.ts';
export type { ImportPart, ImportParts, ImportStore, PartKey } from './import.ports.ts';
export { createImportService } from './import.service.ts';
export type { ImportService } from './import.service.ts';
export { createImportRun } from './import-run.service.ts';
export type { ImportRunParts, RowReader } from './import-run.service.ts';
export { jsonRows } from './json-rows.schema.ts';
export { csvRows } from './csv-rows.csv.ts';
export type { OpenStaging } from './staging.ts';
