import joi from 'joi';
import { instant } from '../../platform/http/index.ts';
import type { AuditSettings, Report } from './report.ts';

const word = joi.string().required();
const ids = joi.array().items(joi.string());

export const settings = {
  days: joi
    .number()
    .integer()
    .min(1)
    .max(3_650)
    .description('After how many days something counts as overdue, or how many days to look back'),
  regime: joi.string().max(20).description('Code of the regime to hold declarations against'),
} satisfies Record<keyof AuditSettings, joi.Schema>;

/** The query of one report: what it can be told, and where to go on. */
export function queryOf({ heeds, defaults }: Report): joi.ObjectSchema {
  const heeded = heeds.map((name) => [name, withDefault(settings[name], defaults[name])] as const);
  return joi.object({
    ...Object.fromEntries(heeded),
    progress: joi
      .boolean()
      .description(
        'Whether to say now and then, in a line of its own, how much has been read (NDJSON alone)',
      ),
    cursor: joi
      .string()
      .min(1)
      .max(1_000)
      .pattern(/^[\w-]+$/, 'a cursor')
      .description('Of the last row that was seen: goes on after it'),
  });
}

function withDefault(schema: joi.Schema, value: string | number | undefined): joi.Schema {
  if (value === undefined) return schema;
  const { flags } = schema.describe() as { flags?: { description?: string } };
  return schema.description(`${flags?.description ?? ''}; ${value} when left out`);
}

export const auditRow = joi
  .object({
    key: word.description('Names what was found: the same whenever it is found again'),
    code: word,
    because: word,
    at: instant,
    org: joi.string(),
    destination: joi.string(),
    evidence: joi
      .object({ items: ids, events: ids, declarations: ids, lookups: ids, more: joi.number().integer() })
      .required(),
    cursor: word.description('Give it back to go on after this row'),
  })
  .unknown()
  .description('A row; the columns of the report beside these');

export const reportsAnswer = joi.object({
  reports: joi
    .array()
    .items(
      joi.object({
        name: word,
        title: word,
        description: word,
        columns: joi.array().items(joi.string()).required(),
        heeds: joi.array().items(joi.string()).required(),
        defaults: joi.object(settings).required(),
      }),
    )
    .required(),
});
