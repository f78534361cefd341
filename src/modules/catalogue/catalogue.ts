import { serialKey } from '../../kernel/serial.ts';
import { isCountry, isPort } from './countries.ts';
import { makersAlike } from './maker-likeness.ts';
import { bareMakerKey, makerKeyOf, spellingKey } from './spelling.ts';
import type { WatchedParty } from './watched-party.ts';

/** A kind of item. `perStation`: how many of it one station of a press carries, null when that makes no sense. */
export interface Kind {
  readonly code: string;
  readonly label: string;
  readonly machine: boolean;
  readonly perStation: number | null;
  /** Codes of the regimes, in force or not, that control this kind as a part. Empty for a machine. */
  readonly keyPartIn: readonly string[];
}

/** A maker. `scripts` are spellings in other scripts than Latin. */
export interface Maker {
  readonly id: string;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly scripts: readonly string[];
}

export type SizeClass = 'table-top' | 'free-standing' | 'industrial';

/** A model; `maker` is null where several makers sell it under one name. */
export interface Model {
  readonly maker: string | null;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly kinds: readonly string[];
  readonly stations: number | null;
  readonly sizeClass: SizeClass | null;
  readonly tabletsPerHour: number | null;
  /** Source of a regular expression over the serialKey; null when no pattern is assumed. */
  readonly serialPattern: string | null;
  readonly serialExample: string | null;
  readonly platePosition: string | null;
  /** True when serial pattern, example and plate position were invented. */
  readonly synthetic: boolean;
  /** Where stations, size class and output come from. */
  readonly basis: string;
}

/** `maker-or-part`: the maker's serial, else the serial of a key part. */
export type SerialRule = 'required' | 'if-any' | 'none' | 'maker-or-part';

/** `path` is a path of a declaration's body; `items[].…` is asked of every item of `kinds`. */
export interface RequiredField {
  readonly path: string;
  readonly kinds: readonly string[];
}

/** P: the primary text was read. S: a secondary summary. own: an assumption of this project. */
export interface RegimeSource {
  readonly claim: string;
  readonly grade: 'P' | 'S' | 'own';
  readonly source: string;
}

export interface Regime {
  readonly code: string;
  readonly label: string;
  /** False for a bill that is not law. */
  readonly inForce: boolean;
  readonly controls: readonly string[];
  /** Holds for items of the controlled kinds alone. */
  readonly serialRule: SerialRule;
  readonly requiredFields: readonly RequiredField[];
  readonly sources: readonly RegimeSource[];
}

export interface HsSuggestion {
  readonly kind: string;
  readonly codes: readonly string[];
}

export interface RestrictedDestination {
  readonly country: string;
  readonly reason: string;
}

/** What the files hold, each checked alone; `Catalogue` is the whole, checked together. */
export interface CatalogueContents {
  /** A short hash of the files: two processes with the same version judge alike. */
  readonly version: string;
  readonly kinds: readonly Omit<Kind, 'keyPartIn'>[];
  readonly makers: readonly Maker[];
  readonly models: readonly Model[];
  readonly regimes: readonly Regime[];
  readonly hs: readonly HsSuggestion[];
  readonly restrictedDestinations: readonly RestrictedDestination[];
  readonly watchedParties: readonly WatchedParty[];
}

export interface Catalogue {
  readonly version: string;
  readonly kinds: readonly Kind[];
  readonly makers: readonly Maker[];
  readonly models: readonly Model[];
  readonly regimes: readonly Regime[];
  readonly watchedParties: readonly WatchedParty[];
  /** Codes of the kinds that are machines. */
  readonly machineKinds: readonly string[];
  findKind(code: string): Kind | null;
  /** The maker of this spelling, whatever its case, spaces, punctuation, width, script or legal form. */
  findMaker(name: string): Maker | null;
  /**
   * The maker's id when known, else the name in lower case without legal form, its letters and digits joined by '-'.
   * Empty only for a name without letters and digits. Adding an unknown maker to the catalogue later
   * changes its key, and with it the ids of its items: give it the key it had as its id.
   */
  makerKey(name: string): string;
  /** Whether two maker keys may be two spellings of one maker; never for two that the catalogue knows. */
  makersAlike(one: string, other: string): boolean;
  /** The model of that maker, else one of no maker, which `kind` fits. */
  findModel(makerKey: string, model: string, kind: string): Model | null;
  /** Whether a serial reads like the model's; null when no pattern is assumed. */
  fitsSerialPattern(model: Model, serial: string): boolean | null;
  findRegime(code: string): Regime | null;
  /** HS codes for the kind, digits only; a longer code that starts with one of them agrees. */
  suggestHs(kind: string): readonly string[];
  restricted(country: string): { readonly reason: string } | null;
  isCountry(code: string): boolean;
  isPort(code: string): boolean;
}

/** The catalogue over `contents`, which must be consistent: see `inconsistencies`. */
export function createCatalogue(contents: CatalogueContents): Catalogue {
  const kinds = contents.kinds.map((kind) => ({ ...kind, keyPartIn: keyPartIn(kind, contents.regimes) }));
  const kindByCode = new Map(kinds.map((kind) => [kind.code, kind]));
  const makerBySpelling = new Map(
    contents.makers.flatMap((maker) =>
      spellings(maker).flatMap((name) => spellingKeys(name).map((key) => [key, maker] as const)),
    ),
  );
  const modelsByName = new Map<string, Model[]>();
  for (const model of contents.models) {
    for (const name of [model.name, ...model.aliases]) {
      const key = spellingKey(name);
      modelsByName.set(key, [...(modelsByName.get(key) ?? []), model]);
    }
  }
  const patterns = new Map(
    contents.models.map((model) => [
      model,
      model.serialPattern === null ? null : new RegExp(model.serialPattern, 'u'),
    ]),
  );
  const regimeByCode = new Map(contents.regimes.map((regime) => [regime.code, regime]));
  const hsByKind = new Map(contents.hs.map(({ kind, codes }) => [kind, codes]));
  const reasonByCountry = new Map(contents.restrictedDestinations.map((each) => [each.country, each.reason]));

  const findMaker = (name: string): Maker | null => {
    for (const key of spellingKeys(name)) {
      const maker = makerBySpelling.get(key);
      if (maker !== undefined) return maker;
    }
    return null;
  };
  return {
    version: contents.version,
    kinds,
    makers: contents.makers,
    models: contents.models,
    regimes: contents.regimes,
    watchedParties: contents.watchedParties,
    machineKinds: kinds.filter((kind) => kind.machine).map((kind) => kind.code),
    findKind: (code) => kindByCode.get(code) ?? null,
    findMaker,
    makerKey: (name) => findMaker(name)?.id ?? bareMakerKey(makerKeyOf(name)),
    makersAlike: (one, other) =>
      (findMaker(one) === null || findMaker(other) === null) && makersAlike(one, other),
    findModel(makerKey, model, kind) {
      const named = modelsByName.get(spellingKey(model)) ?? [];
      const fitting = named.filter((each) => each.kinds.includes(kind));
      return (
        fitting.find((each) => each.maker === makerKey) ?? fitting.find((each) => each.maker === null) ?? null
      );
    },
    fitsSerialPattern: (model, serial) => patterns.get(model)?.test(serialKey(serial)) ?? null,
    findRegime: (code) => regimeByCode.get(code) ?? null,
    suggestHs: (kind) => hsByKind.get(kind) ?? [],
    restricted(country) {
      const reason = reasonByCountry.get(country);
      return reason === undefined ? null : { reason };
    },
    isCountry,
    isPort,
  };
}

/** Every spelling a maker is found under; its id is one. */
export function spellings(maker: Maker): string[] {
  return [maker.id, maker.name, ...maker.aliases, ...maker.scripts];
}

/** What a maker is found under for one spelling: as it stands, and without its legal form. */
export function spellingKeys(name: string): readonly [string, string] {
  return [spellingKey(name), spellingKey(bareMakerKey(makerKeyOf(name)))];
}

function keyPartIn(kind: Omit<Kind, 'keyPartIn'>, regimes: readonly Regime[]): string[] {
  if (kind.machine) return [];
  return regimes.filter((regime) => regime.controls.includes(kind.code)).map((regime) => regime.code);
}
