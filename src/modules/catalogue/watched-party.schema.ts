import Joi from 'joi';
import type { WatchedParty } from './watched-party.ts';

/** Schemata of FollowTheMoney that are parties to a trade; entities of others are passed over. */
const PARTY_SCHEMATA = new Set(['Person', 'Company', 'Organization', 'LegalEntity', 'PublicBody']);

interface FtmEntity {
  readonly id: string;
  readonly schema: string;
  readonly properties: Readonly<Record<string, readonly string[] | undefined>>;
}

const strings = Joi.array().items(Joi.string());
const ftmEntity = Joi.object({
  id: Joi.string().required(),
  schema: Joi.string().required(),
  properties: Joi.object({
    name: strings,
    alias: strings,
    previousName: strings,
    country: strings,
    topics: strings,
  })
    .unknown(true)
    .required(),
})
  .unknown(true)
  .required()
  .label('the entity');

/**
 * The parties among FollowTheMoney entities, one JSON object a line, as OpenSanctions publishes them.
 * Names are `name`, `alias` and `previousName`; `weakAlias` is left out because it fits too many people.
 * @throws Error with one sentence that names the line and the field.
 */
export function parseFtmLines(text: string): WatchedParty[] {
  const parties: WatchedParty[] = [];
  const seen = new Set<string>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const at = `line ${String(index + 1)}`;
    const entity = parseEntity(line, at);
    if (!PARTY_SCHEMATA.has(entity.schema)) continue;
    if (seen.has(entity.id)) throw new Error(`${at}: the id ${entity.id} is used twice`);
    seen.add(entity.id);
    parties.push(partyOf(entity, at));
  }
  return parties;
}

function parseEntity(line: string, at: string): FtmEntity {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (cause) {
    throw new Error(`${at}: is not JSON`, { cause });
  }
  const result = ftmEntity.validate(json, { convert: false });
  if (result.error !== undefined) throw new Error(`${at}: ${result.error.message}`);
  return result.value as FtmEntity;
}

function partyOf({ id, schema, properties }: FtmEntity, at: string): WatchedParty {
  const { name = [], alias = [], previousName = [], country = [], topics = [] } = properties;
  const names = [...new Set([...name, ...alias, ...previousName])];
  if (names.length === 0) throw new Error(`${at}: the entity ${id} has no name`);
  return { id, schema, names, countries: country.map((code) => code.toUpperCase()), topics };
}
