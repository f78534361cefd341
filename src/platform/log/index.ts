export { createLog, redact, type Log, type LogOptions } from './log.ts';
