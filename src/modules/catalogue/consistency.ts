import { serialKey } from '../../kernel/serial.ts';
import { type CatalogueContents, spellingKeys, spellings } from './catalogue.ts';
import { isCountry } from './countries.ts';
import { spellingKey } from './spelling.ts';

/** Where the catalogue contradicts itself: the list, the path inside it and what is wrong there. */
export interface Inconsistency {
  readonly list: 'makers' | 'models' | 'regimes' | 'hs' | 'restrictedDestinations';
  readonly path: string;
  readonly fault: string;
}

/** Every contradiction between the lists, or between rows of one list, in the order of the files. */
export function inconsistencies(contents: CatalogueContents): Inconsistency[] {
  return [
    ...sharedSpellings(contents),
    ...modelFaults(contents),
    ...regimeFaults(contents),
    ...contents.hs.flatMap(({ kind }, row) =>
      unknownKinds(contents, [kind]).map((fault) => ({ list: 'hs', path: `[${row}].kind`, fault }) as const),
    ),
    ...contents.restrictedDestinations.flatMap(({ country }, row) =>
      isCountry(country)
        ? []
        : [
            {
              list: 'restrictedDestinations',
              path: `[${row}].country`,
              fault: `${country} is no ISO 3166-1 code`,
            } as const,
          ],
    ),
  ];
}

function sharedSpellings({ makers }: CatalogueContents): Inconsistency[] {
  const owners = new Map<string, string>();
  const found: Inconsistency[] = [];
  for (const [row, maker] of makers.entries()) {
    for (const spelling of spellings(maker)) {
      const keys = spellingKeys(spelling);
      const owner = keys.map((key) => owners.get(key)).find((id) => id !== undefined && id !== maker.id);
      for (const key of keys) owners.set(key, owners.get(key) ?? maker.id);
      const fault =
        keys[0] === ''
          ? `${spelling} holds no letter or digit`
          : owner === undefined
            ? null
            : `${spelling} is a spelling of ${owner} too`;
      if (fault !== null) found.push({ list: 'makers', path: `[${row}]`, fault });
    }
  }
  return found;
}

function modelFaults(contents: CatalogueContents): Inconsistency[] {
  const makerIds = new Set(contents.makers.map((maker) => maker.id));
  const taken = new Set<string>();
  return contents.models.flatMap((model, row) => {
    const faults: Inconsistency[] = unknownKinds(contents, model.kinds).map((fault) => ({
      list: 'models',
      path: `[${row}].kinds`,
      fault,
    }));
    if (model.maker !== null && !makerIds.has(model.maker)) {
      faults.push({ list: 'models', path: `[${row}].maker`, fault: `${model.maker} is no maker's id` });
    }
    const { serialPattern, serialExample } = model;
    const example = serialExample === null ? null : serialKey(serialExample);
    if (serialPattern !== null && example !== null && !new RegExp(serialPattern, 'u').test(example)) {
      faults.push({ list: 'models', path: `[${row}].serialExample`, fault: 'does not fit its own pattern' });
    }
    const names = new Set([model.name, ...model.aliases].map(spellingKey));
    for (const identity of [...names].flatMap((name) =>
      model.kinds.map((kind) => `${model.maker ?? ''}/${kind}/${name}`),
    )) {
      if (taken.has(identity)) {
        faults.push({ list: 'models', path: `[${row}]`, fault: `${identity} is listed before` });
      }
      taken.add(identity);
    }
    return faults;
  });
}

function regimeFaults(contents: CatalogueContents): Inconsistency[] {
  return contents.regimes.flatMap((regime, row) => [
    ...unknownKinds(contents, regime.controls).map(
      (fault) => ({ list: 'regimes', path: `[${row}].controls`, fault }) as const,
    ),
    ...regime.requiredFields.flatMap((field, at) =>
      field.kinds
        .filter((kind) => !regime.controls.includes(kind))
        .map(
          (kind) =>
            ({
              list: 'regimes',
              path: `[${row}].requiredFields[${at}].kinds`,
              fault: `${kind} is not controlled by ${regime.code}`,
            }) as const,
        ),
    ),
  ]);
}

function unknownKinds({ kinds }: CatalogueContents, codes: readonly string[]): string[] {
  return codes
    .filter((code) => !kinds.some((kind) => kind.code === code))
    .map((code) => `${code} is no kind's code`);
}
