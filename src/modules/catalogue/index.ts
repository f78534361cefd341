export { loadCatalogue } from './catalogue.files.ts';
export type {
  Catalogue,
  Kind,
  Maker,
  Model,
  Regime,
  RegimeSource,
  RequiredField,
  SerialRule,
  SizeClass,
} from './catalogue.ts';
export { countryName } from './countries.ts';
export { createScreening } from './screening.ts';
export type { ScreenedParty, Screening, ScreeningHit } from './screening.ts';
export { parseFtmLines } from './watched-party.schema.ts';
export type { WatchedParty } from './watched-party.ts';
