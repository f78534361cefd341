import joi from 'joi';
import { isFailure, type Fault } from '../../kernel/failure.ts';
import { MAX_SERIAL_LENGTH } from '../../kernel/serial.ts';
import { compileShape, instant, instantOrDay, pageParams, text } from '../../platform/http/index.ts';
import { DECLARATION_STATES, MAX_ITEMS } from './declaration.ts';

const country = joi
  .string()
  .pattern(/^[A-Z]{2}$/, 'ISO 3166-1 alpha-2')
  .description('ISO 3166-1 alpha-2 country code')
  .example('TW');
const port = joi
  .string()
  .pattern(/^[A-Z]{2}[A-Z2-9]{3}$/, 'UN/LOCODE')
  .description('UN/LOCODE: country code and three characters')
  .example('TWKHH');
const date = joi
  .string()
  .pattern(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'ISO 8601 date')
  .description('ISO 8601 date')
  .meta({ jsonSchema: { format: 'date' } })
  .example('2026-12-15');
const party = joi.object({
  name: text(200).required().example('Harbour Pharma Pty Ltd'),
  country: country.required(),
  address: text(500),
  id: text(100).description('Registration number of the party'),
  phone: text(50),
  email: text(200),
});

const licence = joi
  .alternatives(
    text(100),
    joi.object({ number: text(100).required(), validUntil: date, issuedBy: text(200) }),
  )
  .description('Number of the export licence, or the number with what is known about it');

const item = joi.object({
  kind: text(40).required().description('A kind of the catalogue, see GET /v1/catalogue').example('die'),
  maker: text(200).required().example('Fette Compacting'),
  model: text(100).example('ZP33'),
  serial: text(MAX_SERIAL_LENGTH)
    .description(
      'As marked. May be left out where the regime allows; the registry then issues a mark. A mark that it issued before may be given.',
    )
    .example('ZP33-2025-00417'),
  partOf: text(MAX_SERIAL_LENGTH).description(
    'Serial of the press it belongs to, in this declaration or in the register',
  ),
  condition: joi.string().valid('new', 'used', 'refurbished', 'custom-built'),
  hs: joi
    .string()
    .pattern(/^\d{4}\.?\d{2}(\.?\d{1,2}){0,2}$/, 'HS code of 6 to 10 digits')
    .description('HS code, 6 to 10 digits')
    .example('8479.90'),
  stations: joi.number().integer().min(1).max(1_000),
  capacityPerHour: joi.number().integer().min(1).max(100_000_000).description('Tablets or capsules an hour'),
  automation: joi.string().valid('manual', 'semi-automatic', 'automatic', 'capable-of-automation'),
  marking: joi.object({ method: text(100).required(), position: text(200).required() }),
  year: joi.number().integer().min(1850).max(2200),
  value: joi.object({
    amount: joi.number().min(0).max(1e12).required(),
    currency: joi
      .string()
      .pattern(/^[A-Z]{3}$/, 'ISO 4217')
      .required()
      .example('USD'),
  }),
  description: text(500),
});

const consignment = {
  regime: text(20)
    .description('A regime of the catalogue; without it, that of the exporting country where there is one')
    .example('TW'),
  destination: country.required(),
  consignee: party.required(),
  endUser: party.required(),
  endUse: text(500).required().example('Contract manufacture of registered medicines'),
  portOfExit: port.required(),
  portOfEntry: port,
  transport: text(60).required().example('sea'),
  plannedExit: date.required(),
  licence,
  broker: party,
};
const items = joi.array().items(item).min(1).max(MAX_ITEMS);
const reference = text(64)
  .description("The exporter's own reference, unique within its organisation")
  .example('INV-2026-0042');
const reason = text(1_000).example('The consignee moved.');

export const declarationBody = joi.object({
  reference: reference.required(),
  ...consignment,
  items: items.required(),
});

const checkFiling = compileShape(declarationBody, 'body');

/** What is wrong with the form of a body that is to be filed. */
export function filingFaults(body: unknown): readonly Fault[] {
  try {
    checkFiling(body);
    return [];
  } catch (error) {
    if (!isFailure(error)) throw error;
    return error.faults;
  }
}

const optional = Object.fromEntries(
  Object.entries(consignment).map(([name, schema]) => [name, schema.optional()]),
);
export const amendmentBody = joi
  .object({ reason: reason.required(), ...optional, items })
  .min(2)
  .messages({
    'object.min': 'Besides the reason, something must be given anew.',
  });

export const withdrawalBody = joi.object({ reason: reason.required() });

const occasion = {
  occurredAt: instant.description('When it happened; now, when left out'),
  port,
  reason: reason.optional(),
};
export const exitBody = joi.object({
  number: text(40).description(
    'The number on the certificate, as printed or scanned. May be left out; checked when given',
  ),
  ...occasion,
});
export const arrivalBody = joi.object({
  outcome: joi.string().valid('arrived', 'not-shipped').description('`arrived` when left out'),
  ...occasion,
});

export const decisionBody = joi.object({
  decision: joi.string().valid('verified', 'refused').required(),
  reason: text(1_000).required().example('The licence was seen.'),
});

export const listQuery = joi.object({
  number: text(40).description('The number on a certificate, as printed or scanned: finds that declaration'),
  status: joi.string().valid(...DECLARATION_STATES),
  since: instantOrDay.description('Filed at this instant or later; of a day, from its start (UTC)'),
  ...pageParams,
});

const state = joi
  .string()
  .valid(...DECLARATION_STATES)
  .required();
const id = joi.string().required();

export const filedAnswer = joi.object({
  id,
  reference: joi.string().required(),
  status: joi.string().valid('filed').required(),
  items: joi
    .array()
    .items(
      joi.object({ itemId: id, line: joi.number().integer().required(), kind: id, maker: id, serial: id }),
    )
    .required(),
});

export const stepAnswer = joi.object({
  id,
  reference: joi.string().required(),
  status: state,
  number: joi.string(),
  move: joi
    .object({
      no: joi.number().integer().required(),
      type: id,
      occurredAt: instant.required(),
      recordedAt: instant.required(),
    })
    .required(),
});

const summaryAnswer = joi.object({
  id,
  org: joi.string().required(),
  reference: joi.string().required(),
  status: state,
  number: joi.string(),
  filedAt: instant.required(),
  itemCount: joi.number().integer().required(),
});
export const listAnswer = joi.object({ declarations: joi.array().items(summaryAnswer).required() });

const findingAnswer = joi.object({
  code: id,
  level: joi.string().valid('info', 'warning', 'block').required(),
  line: joi.number().integer(),
  itemId: joi.string(),
  because: joi.string().required(),
  evidence: joi.object().unknown(true).description('Only for customs and regulators'),
});

export const declarationAnswer = summaryAnswer.keys({
  version: joi.number().integer().required(),
  country,
  ...consignment,
  expiresAt: instant,
  findings: joi.array().items(findingAnswer).required(),
  ruleSet: joi.string(),
  checkedAt: instant,
  moves: joi.array().items(joi.object().unknown(true)).required(),
  items: joi.array().items(joi.object().unknown(true)).required(),
});

export const refusedFilingsQuery = joi.object(pageParams);
export const refusedFilingsAnswer = joi.object({
  refusedFilings: joi
    .array()
    .items(
      joi.object({
        id,
        org: id,
        sub: id,
        at: instant.required(),
        reference: joi.string().allow('', null).required(),
        code: id,
        faults: joi
          .array()
          .items(joi.object({ field: joi.string().allow('').required(), code: id, message: id }))
          .required(),
        body: joi.string().allow('').required(),
      }),
    )
    .required(),
});
