import joi from 'joi';
import { instant, pageParams } from '../../platform/http/index.ts';
import { auditRow, settings } from './audit.schema.ts';
import { ROW_OUTCOMES } from './audit-run-rows.ts';
import { RUN_STATUSES } from './audit-run.ts';
import { REPORTS } from './reports.ts';

/** What a job of the queue says: which run to work on, or which report the schedule asks for. */
export type AuditJob = { readonly runId: string } | { readonly report: string };

export const auditJobShape = joi
  .object<AuditJob>({ runId: joi.string().max(100), report: joi.string().max(100) })
  .xor('runId', 'report');

const word = joi.string().required();
const count = joi.number().integer().min(0).required();

export const runBody = joi.object({
  report: joi
    .string()
    .valid(...REPORTS.map(({ name }) => name))
    .required(),
  ...settings,
});

export const runsQuery = joi.object({
  report: joi
    .string()
    .max(100)
    .pattern(/^[a-z0-9-]+$/, 'the name of a report'),
  ...pageParams,
});

export const runRowsQuery = joi.object({
  outcome: joi
    .string()
    .valid(...ROW_OUTCOMES)
    .description(
      '`new` rows, which the run before didn’t have, when left out; those `gone` since; `all` that the report found, then those gone',
    ),
  ...pageParams,
});

export const runAnswer = joi.object({
  id: word,
  report: word,
  settings: joi.object(settings).required(),
  status: joi
    .string()
    .valid(...RUN_STATUSES)
    .required(),
  scheduledFor: instant.description('The instant of the schedule that it is for'),
  requestedBy: joi.object({ sub: word, org: word }).description('Who asked for it, where somebody did'),
  createdAt: instant.required(),
  startedAt: instant,
  finishedAt: instant,
  rows: count.description('All that the report found; so far, while it is running'),
  kept: count.description('How many of them, from the first on, are kept'),
  truncated: joi.boolean().required().description('Whether more were found than are kept'),
  new: count.description('Which the run before didn’t have; of a first run, all'),
  gone: count.description('Which the run before had'),
  previousId: joi.string().description('The run it is compared with: the one before with the same settings'),
  previousStartedAt: instant,
  discardedAt: instant.description('Since when its rows are no longer kept'),
  because: joi.string().allow('').required().description('What it came to; empty before its end'),
});
export const runsAnswer = joi.object({ runs: joi.array().items(runAnswer).required() });

export const runRowsAnswer = joi.object({
  rows: joi
    .array()
    .items(
      joi.object({
        outcome: joi.string().valid('new', 'known', 'gone').required(),
        row: auditRow.fork('cursor', (schema) => schema.forbidden()).required(),
      }),
    )
    .required(),
});
