import Joi from 'joi';
import type { CatalogueContents } from './catalogue.ts';

const text = Joi.string().trim().max(500);
const texts = Joi.array().items(text).default([]);
const code = Joi.string().pattern(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case words joined by "-"');
const regimeCode = Joi.string().pattern(/^[A-Z]{2}(-[A-Z0-9]+)?$/, 'a country and a part, such as CA-BC');
const count = Joi.number().integer().min(1);
const pattern = Joi.string().custom((source: string, helpers) => {
  try {
    return new RegExp(source, 'u').source;
  } catch {
    return helpers.message({ custom: '{#label} is not a regular expression' });
  }
});

const kind = Joi.object({
  code: code.required(),
  label: text.required(),
  machine: Joi.boolean().required(),
  perStation: count.default(null),
});

const maker = Joi.object({ id: code.required(), name: text.required(), aliases: texts, scripts: texts });

const model = Joi.object({
  maker: code.default(null),
  name: text.required(),
  aliases: texts,
  kinds: Joi.array().items(code).min(1).required(),
  stations: count.default(null),
  sizeClass: Joi.string().valid('table-top', 'free-standing', 'industrial').default(null),
  tabletsPerHour: count.default(null),
  serialPattern: pattern.default(null),
  serialExample: text.default(null),
  platePosition: text.default(null),
  synthetic: Joi.boolean().required(),
  basis: text.required(),
});

const regime = Joi.object({
  code: regimeCode.required(),
  label: text.required(),
  inForce: Joi.boolean().required(),
  controls: Joi.array().items(code).unique().min(1).required(),
  serialRule: Joi.string().valid('required', 'if-any', 'none', 'maker-or-part').required(),
  requiredFields: Joi.array()
    .items(
      Joi.object({
        path: Joi.string()
          .pattern(/^[a-zA-Z]+(\[\])?(\.[a-zA-Z]+)*$/, 'a path of a declaration, such as items[].model')
          .required(),
        kinds: Joi.array().items(code).default(Joi.ref('....controls')),
      }),
    )
    .required(),
  sources: Joi.array()
    .items(
      Joi.object({
        claim: text.required(),
        grade: Joi.string().valid('P', 'S', 'own').required(),
        source: text.required(),
      }),
    )
    .min(1)
    .required(),
});

const hsSuggestion = Joi.object({
  kind: code.required(),
  codes: Joi.array()
    .items(Joi.string().pattern(/^[0-9]{6,10}$/, '6 to 10 digits'))
    .required(),
});

const destination = Joi.object({
  country: Joi.string()
    .pattern(/^[A-Z]{2}$/, 'ISO 3166-1 alpha-2')
    .required(),
  reason: text.required(),
});

/** A file that holds a note and one list. Its rows come back with every default filled in. */
function fileOf(list: string, row: Joi.ObjectSchema, identity?: string): Joi.ObjectSchema {
  const rows = Joi.array().items(row);
  return Joi.object({
    note: Joi.string(),
    [list]: (identity === undefined ? rows : rows.unique(identity)).required(),
  }).label('the file');
}

/** The lists of the catalogue, the file each lives in, and the file's shape. */
export const CATALOGUE_FILES = {
  kinds: { file: 'kinds.json', list: 'kinds', shape: fileOf('kinds', kind, 'code') },
  makers: { file: 'makers.json', list: 'makers', shape: fileOf('makers', maker, 'id') },
  models: { file: 'models.json', list: 'models', shape: fileOf('models', model) },
  regimes: { file: 'regimes.json', list: 'regimes', shape: fileOf('regimes', regime, 'code') },
  hs: { file: 'hs.json', list: 'suggestions', shape: fileOf('suggestions', hsSuggestion, 'kind') },
  restrictedDestinations: {
    file: 'restricted-destinations.json',
    list: 'destinations',
    shape: fileOf('destinations', destination, 'country'),
  },
} as const;

export type CatalogueList = keyof typeof CATALOGUE_FILES;

/**
 * The rows of one list out of its file's parsed JSON.
 * @throws Error with one sentence that names the first fault's path inside the file.
 */
export function parseList<List extends CatalogueList>(list: List, json: unknown): CatalogueContents[List] {
  const { shape, list: member } = CATALOGUE_FILES[list];
  const result = shape.validate(json, { convert: false, abortEarly: true });
  if (result.error !== undefined) throw new Error(result.error.message);
  const checked = result.value as Record<string, CatalogueContents[List] | undefined>;
  const rows = checked[member];
  if (rows === undefined) throw new Error(`"${member}" is required`);
  return rows;
}
